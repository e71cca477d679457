/** What the service worker does with a request: `shell` is the page itself and its icon, `asset` a file whose name changes with its content. */
export type CacheUse = 'shell' | 'asset' | 'none';

/** Part of a request that decides it. */
export interface CacheQuestion {
  url: string;
  method: string;
  mode: string;
  hasRange: boolean;
}

/** Files that the page needs before anything else; they hold nothing of anybody. */
export const shellFiles = ['/', '/icon.svg'];

/**
 * Only what is the same for everybody is ever kept: the page without its address, and files of the build. Answers of the API, links with
 * signatures and whatever else has a query, a credential or another origin go past the service worker as if it were not there.
 */
export function cacheUse({ url, method, mode, hasRange }: CacheQuestion, origin: string): CacheUse {
  const address = new URL(url);
  if (method !== 'GET' || address.origin !== origin || hasRange) return 'none';
  if (/^\/(?:api|\.well-known|health)(?:\/|$)/.test(address.pathname)) return 'none';
  if (mode === 'navigate') return 'shell';
  if (address.search !== '') return 'none';
  if (shellFiles.includes(address.pathname)) return 'shell';
  return address.pathname.startsWith('/assets/') ? 'asset' : 'none';
}

/** Installs the service worker once the page has what it needs; without one, as over plain HTTP, everything else works. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // Refused by browsers that are to keep nothing, as private windows are: all is as before, only not there without a network.
  addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined));
}

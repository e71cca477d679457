import { useEffect } from 'preact/hooks';

/** Names the page in tabs, history and screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Clearway' : `${title} · Clearway`;
  }, [title]);
}

import { useLayoutEffect, useRef } from 'preact/hooks';

/** When one page takes the place of another the focus goes to its content: what had it is gone. The first page leaves it to the browser. */
export function usePageFocus(page: string): void {
  const shown = useRef(page);
  useLayoutEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    document.getElementById('content')?.focus();
  }, [page]);
}

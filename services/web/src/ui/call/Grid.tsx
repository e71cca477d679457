import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { tileSize } from './tileSize.ts';

/** Tiles as large as the box allows; as a strip, beside what is shown large, all of one size. */
export function Grid({ count, strip, children }: { count: number; strip: boolean; children: JSX.Element[] }): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = ref.current;
    if (box === null) return undefined;
    const fit = (): void => {
      const { width, aspect } = tileSize(count, box.clientWidth, box.clientHeight, 8);
      box.style.setProperty('--tile-width', `${width}px`);
      box.style.setProperty('--tile-aspect', aspect.toFixed(4));
    };
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(box);
    return () => observer.disconnect();
  }, [count, strip]);
  return <div ref={ref} class={strip ? 'tiles tiles-strip' : 'tiles'}>{children}</div>;
}

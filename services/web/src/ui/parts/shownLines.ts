/**
 * Tells how many lines of device pixels an element has on the page, 0 while it is scrolled out of sight, and 0 when watching ends.
 * Returns what ends it.
 */
export function watchShownLines(element: Element, tell: (lines: number) => void): () => void {
  let [lines, isInSight] = [0, true];
  const say = (): void => tell(isInSight ? lines : 0);
  const size = new ResizeObserver(([entry]) => {
    lines = Math.round((entry?.contentRect.height ?? 0) * devicePixelRatio);
    say();
  });
  const sight = new IntersectionObserver(([entry]) => {
    isInSight = entry?.isIntersecting !== false;
    say();
  });
  size.observe(element);
  sight.observe(element);
  return () => {
    size.disconnect();
    sight.disconnect();
    tell(0);
  };
}

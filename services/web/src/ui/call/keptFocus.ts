const reachable = 'button:not(:disabled), a[href], summary, input:not(:disabled), textarea:not(:disabled)';

/**
 * Whoever works by keyboard stays where they were when what had the focus is removed, as a message or somebody who waited: the focus goes to
 * what comes next within `root`, or to `otherwise`. Returns what ends it.
 */
export function keepFocus(root: HTMLElement, otherwise: HTMLElement): () => void {
  const ended = new AbortController();
  let last: EventTarget | null = null;
  root.addEventListener('focusin', ({ target }) => (last = target), { signal: ended.signal });
  const observer = new MutationObserver((changes) => {
    if (!(last instanceof Node) || last.isConnected || document.activeElement !== document.body) return;
    const lost = last;
    const place = changes.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(lost)));
    if (place === undefined) return;
    last = null;
    (nextAfter(root, place) ?? otherwise).focus();
  });
  observer.observe(root, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    ended.abort();
  };
}

function nextAfter(root: HTMLElement, { target, nextSibling }: MutationRecord): HTMLElement | undefined {
  const follows = (one: Node): boolean => nextSibling?.isConnected === true
    ? nextSibling === one || isBefore(nextSibling, one)
    : isBefore(target, one) && !target.contains(one);
  return [...root.querySelectorAll<HTMLElement>(reachable)].find((one) => follows(one) && one.checkVisibility());
}

function isBefore(first: Node, second: Node): boolean {
  return (first.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

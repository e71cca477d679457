/** As wide as panel.css takes for a phone. */
const phone = '(max-width: 720px)';

/**
 * On a phone a panel lies over all of the call: what is beneath can be neither reached nor read, and the focus goes to `first` unless the panel has
 * it. Returns what ends it.
 */
export function coverCall(panel: HTMLElement, first: HTMLElement): () => void {
  const narrow = matchMedia(phone);
  const beneath = [...panel.closest('.call')?.querySelectorAll<HTMLElement>('.call-header, .stage, .controls') ?? []];
  const cover = (covered: boolean): void => beneath.forEach((part) => (part.inert = covered));
  const resized = (): void => {
    cover(narrow.matches);
    if (narrow.matches && !panel.contains(document.activeElement)) first.focus();
  };
  resized();
  narrow.addEventListener('change', resized);
  return () => {
    narrow.removeEventListener('change', resized);
    cover(false);
  };
}

/** As `ref`: what it stands at has the focus once it is there. One function for all, so that drawing anew does not take the focus back. */
export function focusAtFirst(element: HTMLElement | null): void {
  element?.focus();
}

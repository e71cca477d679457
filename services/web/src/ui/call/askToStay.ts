/** A recording would end with the page, and be uploaded to its end by the next visit. */
export function askToStay(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

import type { JSX } from 'preact';
import { announcements } from '../toasts.ts';

/**
 * What screen readers are told (WAI-ARIA live region). It is there before there is anything to tell, for only what changes in it is read; and in each
 * modal dialog there is another, for everything outside of that is inert.
 */
export function Announcements(): JSX.Element {
  return (
    <div class="heard-only" role="status" aria-atomic="false">
      {announcements.value.map(({ id, text }) => <p key={id}>{text}</p>)}
    </div>
  );
}

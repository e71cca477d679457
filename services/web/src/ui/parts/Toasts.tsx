import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { toasts } from '../toasts.ts';

/** What is said in passing, for those who see it; `Announcements` tells the others. */
export function Toasts(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const shown = toasts.value;
  useLayoutEffect(() => {
    // Shown anew each time: what is shown last lies over everything, open dialogs included.
    box.current?.hidePopover();
    if (shown.length > 0) box.current?.showPopover();
  }, [shown]);
  return (
    <div ref={box} class="toasts" popover="manual" aria-hidden="true">
      {shown.map((toast) => (
        <p key={toast.id} class={`toast toast-${toast.tone}`} data-testid="toast">{toast.text}</p>
      ))}
    </div>
  );
}

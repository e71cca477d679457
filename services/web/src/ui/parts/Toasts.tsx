import type { JSX } from 'preact';
import { toasts } from '../toasts.ts';

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <p key={toast.id} class={`toast toast-${toast.tone}`} data-testid="toast">{toast.text}</p>
      ))}
    </div>
  );
}

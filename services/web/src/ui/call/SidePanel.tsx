import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { CloseIcon } from '../parts/icons.tsx';

interface SidePanelProps {
  title: string;
  closeLabel: string;
  close: () => void;
  /** Beside the cross. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** What lies beside the stage, or over it on a phone; Escape closes it. */
export function SidePanel({ title, closeLabel, close, actions, children }: SidePanelProps): JSX.Element {
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) close();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [close]);

  return (
    <aside class="panel" aria-label={title}>
      <header class="panel-header">
        <h2>{title}</h2>
        {actions}
        <button type="button" class="icon-button" aria-label={closeLabel} onClick={close}><CloseIcon /></button>
      </header>
      {children}
    </aside>
  );
}

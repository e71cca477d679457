import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { CloseIcon } from '../parts/icons.tsx';
import { coverCall } from './coveredCall.ts';
import { keepFocus } from './keptFocus.ts';

interface SidePanelProps {
  title: string;
  closeLabel: string;
  close: () => void;
  /** Id of the control that opens it, and has the focus again when it is closed from within. */
  opener: string;
  /** Beside the cross. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** What lies beside the stage, or over the call on a phone; Escape closes it. */
export function SidePanel({ title, closeLabel, close, opener, actions, children }: SidePanelProps): JSX.Element {
  const panel = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !isTaken(event)) close();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [close]);

  useLayoutEffect(() => {
    if (panel.current === null || heading.current === null) return undefined;
    const aside = panel.current;
    const uncover = coverCall(aside, heading.current);
    const end = keepFocus(aside, heading.current);
    return () => {
      end();
      uncover();
      if (aside.contains(document.activeElement)) document.getElementById(opener)?.focus();
    };
  }, [opener]);

  return (
    <aside class="panel" aria-label={title} ref={panel}>
      <header class="panel-header">
        <h2 ref={heading} tabIndex={-1}>{title}</h2>
        {actions}
        <button type="button" class="icon-button" aria-label={closeLabel} onClick={close}><CloseIcon /></button>
      </header>
      {children}
    </aside>
  );
}

/** Escape ends what an input method composes, or closes the dialog that lies over the call, before it closes a panel. */
function isTaken(event: KeyboardEvent): boolean {
  return event.defaultPrevented || event.isComposing || document.querySelector('dialog:modal') !== null;
}

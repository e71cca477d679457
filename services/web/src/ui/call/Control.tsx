import type { ComponentChildren, JSX } from 'preact';

interface ControlProps {
  children: ComponentChildren;
  text: string;
  label: string;
  testId: string;
  onClick: () => void;
  off?: boolean;
  active?: boolean;
  danger?: boolean;
  leave?: boolean;
  disabled?: boolean;
  /** Not shown on a phone. */
  wide?: boolean;
  menu?: boolean;
  expanded?: boolean;
  shortcut?: string | undefined;
}

/** A button of the bar: a sign, a word below it, and in full what it will do. */
export function Control({
  children, text, label, testId, onClick, off = false, active = false, danger = false, leave = false, disabled = false, wide = false, menu = false, expanded, shortcut,
}: ControlProps): JSX.Element {
  const look = leave ? 'leave' : danger ? 'danger' : active ? 'active' : off ? 'off' : 'plain';
  return (
    <button type="button" class={`control control-${look} ${wide ? 'control-wide' : ''}`} aria-label={label} title={shortcut === undefined ? label : `${label} (${shortcut})`}
      aria-haspopup={menu ? 'menu' : undefined} aria-expanded={expanded} aria-keyshortcuts={shortcut} data-testid={testId} disabled={disabled} onClick={onClick}>
      <span class="control-icon">{children}</span>
      <span class="control-text" aria-hidden="true">{text}</span>
    </button>
  );
}

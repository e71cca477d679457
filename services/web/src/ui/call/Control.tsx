import type { ComponentChildren, JSX } from 'preact';

interface ControlProps {
  children: ComponentChildren;
  /** Names it, for those who see and those who hear. */
  text: string;
  /** What it will do, in full. */
  label: string;
  /** Its id as well, by which a panel gives the focus back to what opened it. */
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
  /** Whether what it is for is on. */
  pressed?: boolean;
  /** Said after the name: what waits behind the button. */
  note?: string | undefined;
  expanded?: boolean;
  shortcut?: string | undefined;
}

/** A button of the bar: a sign, the word below it that is its name, and as its description what it will do. */
export function Control({
  children, text, label, testId, onClick, off = false, active = false, danger = false, leave = false, disabled = false, wide = false, menu = false, pressed, expanded, note, shortcut,
}: ControlProps): JSX.Element {
  const look = leave ? 'leave' : danger ? 'danger' : active ? 'active' : off ? 'off' : 'plain';
  return (
    <button type="button" id={testId} class={`control control-${look} ${wide ? 'control-wide' : ''}`} aria-label={note === undefined ? text : `${text}, ${note}`} title={shortcut === undefined ? label : `${label} (${shortcut})`}
      aria-pressed={pressed} aria-haspopup={menu ? 'menu' : undefined} aria-expanded={expanded} aria-keyshortcuts={shortcut} data-testid={testId} disabled={disabled} onClick={onClick}>
      <span class="control-icon">{children}</span>
      <span class="control-text" aria-hidden="true">{text}</span>
    </button>
  );
}

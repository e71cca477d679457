import type { ComponentChildren, JSX, TargetedKeyboardEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface MenuProps {
  /** What opens the menu; it is given what a button needs for that. */
  button: (props: { expanded: boolean; toggle: () => void }) => JSX.Element;
  label: string;
  /** Opens downwards. */
  below?: boolean;
  children: ComponentChildren;
}

/** A button with a list of actions (ARIA menu button): arrows go along, Escape and a click elsewhere close, the focus returns. */
export function Menu({ button, label, below = false, children }: MenuProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [...root.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? []].filter((one) => one.offsetParent !== null);
  const focusButton = (): void => root.current?.querySelector('button')?.focus();

  // Before the next key arrives: a later focus would undo where it went.
  useLayoutEffect(() => {
    if (open) items()[0]?.focus();
  }, [open]);

  useEffect(() => {
    if (!open) return undefined;
    const elsewhere = (event: PointerEvent): void => {
      if (!(event.target instanceof Node && root.current?.contains(event.target) === true)) setOpen(false);
    };
    addEventListener('pointerdown', elsewhere);
    return () => removeEventListener('pointerdown', elsewhere);
  }, [open]);

  const pressed = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    if (!open) return;
    const all = items();
    const at = all.findIndex((one) => one === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all.at(to % all.length)?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      focusButton();
    } else if (event.key === 'Tab') {
      setOpen(false);
    }
  };

  return (
    <div class={below ? 'menu menu-below' : 'menu'} ref={root} onKeyDown={pressed}>
      {button({ expanded: open, toggle: () => setOpen(!open) })}
      {open && (
        // The focus returns before an item does its work: a dialog that it opens gives the focus back to where it found it.
        <div class="menu-list" role="menu" aria-label={label} onClickCapture={focusButton} onClick={() => setOpen(false)}>{children}</div>
      )}
    </div>
  );
}

interface MenuItemProps {
  children: ComponentChildren;
  onClick: () => void;
  testId?: string;
  /** Given for one of several that exclude each other. */
  checked?: boolean;
  danger?: boolean;
  disabled?: boolean;
  /** A key that does the same. */
  shortcut?: string | undefined;
  class?: string;
}

export function MenuItem({ children, onClick, testId, checked, danger = false, disabled = false, shortcut, class: name = '' }: MenuItemProps): JSX.Element {
  return (
    <button type="button" class={`menu-item ${danger ? 'text-danger' : ''} ${name}`} role={checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={checked} tabIndex={-1} disabled={disabled} data-testid={testId} onClick={onClick}>
      {children}
      {shortcut !== undefined && <kbd class="menu-key" aria-hidden="true">{shortcut}</kbd>}
    </button>
  );
}

import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { Announcements } from './Announcements.tsx';
import { CloseIcon } from './icons.tsx';

interface DialogProps {
  title: string;
  close: () => void;
  children: ComponentChildren;
  testId?: string;
  /** Asks for an answer: there is no cross, and no button has the focus at first, so that what one was just typing answers nothing. */
  asks?: boolean;
}

/** The browser's own modal dialog: it keeps the focus inside, closes by Escape, and gives the focus back. */
export function Dialog({ title, close, children, testId, asks = false }: DialogProps): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return undefined;
    dialog.showModal();
    if (asks) dialog.focus();
    // Of several Escapes in a row the browser lets only the first be prevented, and then closes by itself.
    dialog.addEventListener('close', close);
    return () => {
      dialog.removeEventListener('close', close);
      // Closed while it is still in the page: only then does the browser give the focus back.
      dialog.close();
    };
  }, []);

  return (
    <dialog ref={ref} class="dialog" role={asks ? 'alertdialog' : undefined} tabIndex={-1} aria-labelledby={id} data-testid={testId}
      onCancel={(event) => { event.preventDefault(); close(); }}
      onClick={(event) => { if (!asks && event.target === event.currentTarget) close(); }}>
      <div class="dialog-box">
        <header class="dialog-header">
          <h2 id={id}>{title}</h2>
          {!asks && <button type="button" class="icon-button" aria-label={t('dialog.close')} data-testid="dialog-close" onClick={close}><CloseIcon /></button>}
        </header>
        {children}
      </div>
      <Announcements />
    </dialog>
  );
}

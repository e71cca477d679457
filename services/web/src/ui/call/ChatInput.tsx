import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { rest } from '../../api/rest.ts';
import { Completion } from '../../chat/completion.ts';
import { countTextElements } from '../../chat/textElements.ts';
import { errorText, t } from '../i18n/language.ts';
import { ClipIcon, SendIcon } from '../parts/icons.tsx';
import { toast } from '../toasts.ts';
import type { CallModel } from './callModel.ts';

/** The input line. Behind it lies the same text, invisible, with the suggested rest of the word, or the word that was meant, after it. */
export function ChatInput({ call }: { call: CallModel }): JSX.Element {
  const [text, setText] = useState('');
  const [{ ghost, completed }, setOffer] = useState({ ghost: '', completed: '' });
  const input = useRef<HTMLTextAreaElement>(null);
  const completion = useRef<Completion | null>(null);

  useLayoutEffect(() => {
    const own = new Completion({
      ask: async (prefix, signal) => rest.complete(prefix, await call.token(), signal),
      show: (shown, line) => setOffer({ ghost: shown, completed: line }),
    });
    completion.current = own;
    input.current?.focus();
    return () => own.close();
  }, [call]);

  const typed = (area: HTMLTextAreaElement): void => {
    setText(area.value);
    const caretAtEnd = area.selectionStart === area.value.length;
    completion.current?.typed(caretAtEnd ? area.value.slice(area.value.lastIndexOf('\n') + 1) : '');
  };
  const put = (next: string): void => {
    setText(next);
    completion.current?.typed('');
  };
  const send = (): void => {
    const line = text.trim();
    if (line === '') return;
    if (countTextElements(line) > 1000) {
      toast(errorText('chat_too_long'), 'error');
      return;
    }
    call.chat.say(line);
    put('');
  };
  const pressed = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.isComposing) return;
    if (event.key === 'Tab' && !event.shiftKey && ghost !== '') {
      event.preventDefault();
      put(text.slice(0, text.lastIndexOf('\n') + 1) + completed);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  };

  return (
    <form class="chat-form" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <label class="icon-button chat-attach" title={t('file.add')}>
        <ClipIcon />
        <input type="file" class="unseen" multiple aria-label={t('file.add')} data-testid="chat-file-input" onChange={(event) => {
          void call.chat.files.send([...event.currentTarget.files ?? []]);
          event.currentTarget.value = '';
        }} />
      </label>
      <div class="chat-field">
        <div class="chat-ghost" aria-hidden="true"><span class="chat-typed">{text}</span><span data-testid="chat-ghost">{ghost}</span></div>
        <textarea ref={input} class="chat-input" rows={1} value={text} maxLength={16000} placeholder={t('chat.placeholder')} aria-label={t('chat.placeholder')}
          data-testid="chat-input" onInput={(event) => typed(event.currentTarget)} onKeyDown={pressed} onPaste={(event) => {
            const files = [...event.clipboardData?.files ?? []];
            if (files.length > 0) event.preventDefault();
            void call.chat.files.send(files);
          }} />
      </div>
      <button type="submit" class="icon-button chat-send" aria-label={t('chat.send')} disabled={text.trim() === ''} data-testid="chat-send"><SendIcon /></button>
      <p class="chat-hint" aria-live="off">{ghost === '' ? '' : t('chat.tab')}</p>
    </form>
  );
}

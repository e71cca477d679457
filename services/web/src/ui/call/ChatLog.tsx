import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { CallModel } from './callModel.ts';
import { Message } from './ChatMessage.tsx';

/** Closer to the end than this one reads what is new, and wants to see more of it; in CSS pixels. */
const nearEnd = 80;

/** What was said. New lines are followed as long as one reads the end; earlier ones come in above without moving what one reads. */
export function ChatLog({ call }: { call: CallModel }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const before = useRef({ height: 0, isAtEnd: true, firstId: '' });
  const log = call.chat.log.value;
  const { outgoing, history, files } = call.chat;

  useLayoutEffect(() => {
    const box = list.current;
    if (box === null) return;
    const { height, isAtEnd, firstId } = before.current;
    const cameEarlier = firstId !== '' && log[0]?.id !== firstId;
    if (cameEarlier) box.scrollTop += box.scrollHeight - height;
    else if (isAtEnd || outgoing.length > 0) box.scrollTop = box.scrollHeight;
    before.current = { height: box.scrollHeight, isAtEnd: isNearEnd(box), firstId: log[0]?.id ?? '' };
  }, [log, outgoing.length]);

  return (
    <div class="chat-log" ref={list} role="log" aria-label={t('chat.log')} tabIndex={0} onScroll={(event) => {
      before.current.isAtEnd = isNearEnd(event.currentTarget);
    }}>
      {history.hasEarlier.value && (
        <button type="button" class="text-button centred" disabled={history.loading.value} data-testid="chat-earlier" onClick={() => void history.loadEarlier()}>
          {t(history.loading.value ? 'records.loading' : 'chat.earlier')}
        </button>
      )}
      {log.length + outgoing.length === 0 && <p class="chat-empty">{t('chat.empty')}</p>}
      <ol>
        {log.map((message, index) => <Message key={message.id} message={message} before={log[index - 1]} call={call} />)}
        {outgoing.map((line) => (
          <li key={line.clientId} class="message message-own" data-testid="chat-outgoing" data-state={line.state}>
            <p class="message-text message-pending" dir="auto">{line.text}</p>
            {line.state === 'late' && <p class="message-late">{t('chat.late')}</p>}
            {line.state === 'failed' && (
              <p class="message-failed" role="alert">
                {t('chat.failed')} <button type="button" class="text-button" onClick={() => call.chat.sayAgain(line)}>{t('chat.again')}</button>
              </p>
            )}
          </li>
        ))}
        {files.onTheirWay.value.map(({ key, name }) => (
          <li key={key} class="message message-own" data-testid="chat-uploading"><p class="message-text message-pending">{t('file.uploading', { name })}</p></li>
        ))}
      </ol>
    </div>
  );
}

function isNearEnd(box: HTMLElement): boolean {
  return box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
}

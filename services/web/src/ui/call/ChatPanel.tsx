import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import type { CallModel } from './callModel.ts';
import { ChatInput } from './ChatInput.tsx';
import { Message } from './ChatMessage.tsx';
import { SidePanel } from './SidePanel.tsx';

export function ChatPanel({ call }: { call: CallModel }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const log = call.log.value;
  const outgoing = call.outgoing;

  useLayoutEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [log.length, outgoing.length]);

  return (
    <SidePanel title={t('chat.title')} closeLabel={t('control.chatClose')} close={() => call.togglePanel('chat')}>
      <div class="chat-log" ref={list} role="log" aria-label={t('chat.log')} tabIndex={0}>
        {log.length + outgoing.length === 0 && <p class="chat-empty">{t('chat.empty')}</p>}
        <ol>
          {log.map((message, index) => <Message key={message.id} message={message} before={log[index - 1]} call={call} />)}
          {outgoing.map((line) => (
            <li key={line.clientId} class="message message-own" data-testid="chat-outgoing" data-state={line.state}>
              <p class="message-text message-pending" dir="auto">{line.text}</p>
              {line.state === 'failed' && (
                <p class="message-failed" role="alert">
                  {t('chat.failed')} <button type="button" class="text-button" onClick={() => call.sayAgain(line)}>{t('chat.again')}</button>
                </p>
              )}
            </li>
          ))}
        </ol>
      </div>
      <ChatInput call={call} />
    </SidePanel>
  );
}

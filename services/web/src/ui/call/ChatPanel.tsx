import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { recordingCard } from '../../chat/recordingCard.ts';
import { isSystemMessage, isTombstone, type ChatMessage } from '../../signaling/messages.ts';
import { language, t } from '../i18n/language.ts';
import { formatBytes, formatDuration } from '../i18n/translate.ts';
import { CloseIcon, DownloadIcon, PlayIcon } from '../parts/icons.tsx';
import type { CallModel } from './callModel.ts';
import { ChatInput } from './ChatInput.tsx';

export function ChatPanel({ call }: { call: CallModel }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const log = call.log.value;
  const outgoing = call.outgoing;

  useLayoutEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [log.length, outgoing.length]);

  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') call.toggleChat();
    };
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [call]);

  return (
    <aside class="chat" aria-label={t('chat.title')}>
      <header class="chat-header">
        <h2>{t('chat.title')}</h2>
        <button type="button" class="icon-button" aria-label={t('control.chatClose')} onClick={() => call.toggleChat()}><CloseIcon /></button>
      </header>
      <div class="chat-log" ref={list} role="log" aria-label={t('chat.log')} tabIndex={0}>
        {log.length + outgoing.length === 0 && <p class="chat-empty">{t('chat.empty')}</p>}
        <ol>
          {log.map((message, index) => <Message key={message.id} message={message} before={log[index - 1]} selfId={call.id.value} />)}
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
    </aside>
  );
}

interface MessageProps {
  message: ChatMessage;
  before: ChatMessage | undefined;
  selfId: string;
}

/** What people wrote is put in as text; the `html` of a message is for those who embed it elsewhere. */
function Message({ message, before, selfId }: MessageProps): JSX.Element | null {
  if (isSystemMessage(message)) return <RecordingMessage message={message} />;
  if (isTombstone(message)) return null;
  const own = message.sender_id === selfId;
  const follows = before !== undefined && !isSystemMessage(before) && before.sender_id === message.sender_id && message.sent_at - before.sent_at < 120_000;
  const time = new Date(message.sent_at);
  return (
    <li class={`message ${own ? 'message-own' : ''}`} data-testid="chat-message" data-message-id={message.id}>
      {!follows && (
        <p class="message-head">
          <span class="message-sender">{own ? t('call.you') : message.sender_name}</span>
          <time dateTime={time.toISOString()}>{time.toLocaleTimeString(language.value, { hour: 'numeric', minute: '2-digit' })}</time>
        </p>
      )}
      <p class="message-text" dir="auto" data-testid="chat-text">{message.text}</p>
    </li>
  );
}

function RecordingMessage({ message }: { message: Extract<ChatMessage, { system: unknown }> }): JSX.Element | null {
  const card = recordingCard(message);
  if (card === null) return null;
  return (
    <li class="recording-card" data-testid="recording-card" data-message-id={message.id} data-recording-id={card.recordingId}>
      <p class="recording-title">{t('recording.title')}{card.title === '' ? '' : ` · ${card.title}`}</p>
      <p class="recording-facts">{formatDuration(card.durationMs)} · {formatBytes(card.sizeBytes, language.value)}</p>
      <div class="button-row">
        <a class="button button-primary" href={card.playPath} target="_blank" rel="noopener" data-testid="recording-play"><PlayIcon />{t('recording.play')}</a>
        <a class="button button-plain" href={card.downloadPath} download data-testid="recording-download"><DownloadIcon />{t('recording.download')}</a>
      </div>
    </li>
  );
}

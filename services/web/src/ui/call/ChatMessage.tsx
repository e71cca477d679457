import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fileCard } from '../../chat/fileCard.ts';
import { recordingCard } from '../../chat/recordingCard.ts';
import { isSystemMessage, isTombstone, type ChatMessage, type SystemMessage, type TextMessage } from '../../signaling/messages.ts';
import { language, t } from '../i18n/language.ts';
import { formatBytes, formatDuration } from '../i18n/translate.ts';
import { focusAtFirst } from '../parts/focusAtFirst.ts';
import { DownloadIcon, PlayIcon } from '../parts/icons.tsx';
import type { CallModel } from './callModel.ts';
import { FileMessage } from './FileMessage.tsx';

const emojis = ['👍', '❤️', '😂', '🎉', '🤔'];
/** Lines of one sender within this time stand under one head. */
const togetherMs = 120_000;

interface MessageProps {
  call: CallModel;
  message: ChatMessage;
  before: ChatMessage | undefined;
}

/** What people wrote is put in as text; the `html` of a message is for those who embed it elsewhere. */
export function Message({ call, message, before }: MessageProps): JSX.Element | null {
  if (isSystemMessage(message)) {
    const file = fileCard(message);
    return file === null ? <RecordingMessage message={message} /> : <FileMessage call={call} message={message} card={file} />;
  }
  const own = message.sender_id === call.id.value;
  const follows = before !== undefined && !isSystemMessage(before) && before.sender_id === message.sender_id && message.sent_at - before.sent_at < togetherMs;
  const time = new Date(message.sent_at);
  return (
    <li class={`message ${own ? 'message-own' : ''}`} data-testid="chat-message" data-message-id={message.id}>
      {!follows && (
        <p class="message-head">
          <span class="message-sender">{own ? t('call.you') : message.sender_name}</span>
          <time dateTime={time.toISOString()}>{time.toLocaleTimeString(language.value, { hour: 'numeric', minute: '2-digit' })}</time>
        </p>
      )}
      {isTombstone(message)
        ? <p class="message-text message-deleted" data-testid="chat-deleted">{t('chat.deleted')}</p>
        : <Line call={call} message={message} own={own} />}
    </li>
  );
}

function Line({ call, message, own }: { call: CallModel; message: TextMessage; own: boolean }): JSX.Element {
  const [draft, setDraft] = useState<string | null>(null);
  const [wasEdited, setWasEdited] = useState(false);
  const save = (): void => {
    const text = (draft ?? '').trim();
    if (text !== '' && text !== message.text) call.chat.edit(message.id, text);
    setDraft(null);
  };
  if (draft !== null) {
    return (
      <form class="message-edit" onSubmit={(event) => { event.preventDefault(); save(); }}>
        <textarea class="input" rows={2} value={draft} aria-label={t('chat.edit')} data-testid="chat-edit-text" ref={focusAtFirst}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.isComposing) return;
            if (event.key === 'Escape') {
              event.preventDefault();
              setDraft(null);
            } else if (event.key === 'Enter' && !event.shiftKey) {
              event.preventDefault();
              save();
            }
          }} />
        <div class="message-actions">
          <button type="submit" class="text-button" data-testid="chat-edit-save">{t('chat.save')}</button>
          <button type="button" class="text-button" onClick={() => setDraft(null)}>{t('chat.cancel')}</button>
        </div>
      </form>
    );
  }
  return (
    <>
      <p class="message-text" dir="auto" data-testid="chat-text">{message.text}</p>
      {message.edited_at !== undefined && <p class="message-edited">{t('chat.edited')}</p>}
      <Reactions call={call} message={message} />
      <details class="message-more">
        <summary ref={wasEdited ? focusAtFirst : null} aria-label={t('chat.actions')} data-testid="chat-actions">···</summary>
        <div class="message-actions">
          {emojis.map((emoji) => (
            <button key={emoji} type="button" class="emoji" aria-label={t('chat.react', { emoji })} onClick={() => call.room.react(message.id, emoji, true)}>{emoji}</button>
          ))}
          {own && <button type="button" class="text-button" data-testid="chat-edit" onClick={() => { setDraft(message.text); setWasEdited(true); }}>{t('chat.edit')}</button>}
          {(own || call.canModerate) && (
            <button type="button" class="text-button text-danger" data-testid="chat-delete" onClick={() => call.room.delete(message.id)}>{t('chat.delete')}</button>
          )}
        </div>
      </details>
    </>
  );
}

function Reactions({ call, message }: { call: CallModel; message: TextMessage }): JSX.Element | null {
  const reactions = message.reactions ?? [];
  if (reactions.length === 0) return null;
  return (
    <p class="reactions">
      {reactions.map(({ emoji, by }) => {
        const mine = by.includes(call.id.value);
        return (
          <button key={emoji} type="button" class="reaction" aria-pressed={mine} data-testid="chat-reaction"
            aria-label={t('chat.reaction', { emoji, count: by.length })} onClick={() => call.room.react(message.id, emoji, !mine)}>
            {emoji} {by.length}
          </button>
        );
      })}
    </p>
  );
}

function RecordingMessage({ message }: { message: SystemMessage }): JSX.Element | null {
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

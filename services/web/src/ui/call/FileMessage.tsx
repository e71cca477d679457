import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { FileCard } from '../../chat/fileCard.ts';
import type { SystemMessage } from '../../signaling/messages.ts';
import { language, t } from '../i18n/language.ts';
import { formatBytes } from '../i18n/translate.ts';
import { DownloadIcon, TrashIcon } from '../parts/icons.tsx';
import type { CallModel } from './callModel.ts';

interface FileMessageProps {
  call: CallModel;
  message: SystemMessage;
  card: FileCard;
}

/** A file that somebody put into the chat; pictures are seen at once. */
export function FileMessage({ call, message, card }: FileMessageProps): JSX.Element {
  const own = card.senderId === call.id.value;
  const time = new Date(message.sent_at);
  return (
    <li class={`message ${own ? 'message-own' : ''}`} data-testid="chat-file" data-message-id={message.id}>
      <p class="message-head">
        <span class="message-sender">{own ? t('call.you') : card.senderName}</span>
        <time dateTime={time.toISOString()}>{time.toLocaleTimeString(language.value, { hour: 'numeric', minute: '2-digit' })}</time>
      </p>
      <div class="file-card">
        {card.isImage && <Picture call={call} card={card} />}
        <p class="file-name">{card.name}</p>
        <p class="hint">{formatBytes(card.sizeBytes, language.value)}</p>
        <div class="button-row">
          <button type="button" class="icon-button" aria-label={t('file.save', { name: card.name })} data-testid="file-save"
            onClick={() => void call.chat.files.save(card)}><DownloadIcon /></button>
          {(own || call.canModerate) && (
            <button type="button" class="icon-button" aria-label={t('file.delete', { name: card.name })} data-testid="file-delete"
              onClick={() => call.room.delete(message.id)}><TrashIcon /></button>
          )}
        </div>
      </div>
    </li>
  );
}

function Picture({ call, card }: { call: CallModel; card: FileCard }): JSX.Element {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    let isGone = false;
    // Without the picture there is still its name, and the button to save it.
    call.chat.files.picture(card).then((loaded) => isGone ? undefined : setAddress(loaded), () => undefined);
    return () => {
      isGone = true;
    };
  }, [card.fileId]);
  // The box is there before the picture, so that the lines below do not jump.
  return <div class="file-picture">{address !== undefined && <img src={address} alt={card.name} data-testid="file-picture" />}</div>;
}

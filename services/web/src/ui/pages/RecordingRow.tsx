import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { library, type KeptRecording } from '../../api/library.ts';
import { playerPath } from '../../chat/recordingCard.ts';
import { attempt } from '../complain.ts';
import { language, t } from '../i18n/language.ts';
import { formatBytes, formatDuration } from '../i18n/translate.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { focusAtFirst } from '../parts/focusAtFirst.ts';
import { DownloadIcon, EditIcon, LinkIcon, PlayIcon, TrashIcon } from '../parts/icons.tsx';
import { navigate } from '../router.ts';
import { RecordingLinks } from './RecordingLinks.tsx';

const watchingMinutes = 12 * 60;

interface RecordingRowProps {
  recording: KeptRecording;
  changed: (recording: KeptRecording) => void;
  removed: () => void;
}

export function RecordingRow({ recording, changed, removed }: RecordingRowProps): JSX.Element {
  const { recording_id: id, title, state, created_at: created } = recording;
  const [open, setOpen] = useState<'title' | 'links' | 'delete' | null>(null);
  const [wasNamed, setWasNamed] = useState(false);
  const close = (): void => setOpen(null);
  // A link of one's own for as long as one watches; those for others are made in the dialog.
  const withLink = (use: (link: string) => void) => (): void => void attempt(async () => use((await library.link(id, watchingMinutes)).link));
  const date = new Date(created);

  return (
    <li class="record" data-testid="record" data-recording-id={id} data-state={state}>
      <div class="record-facts">
        {open === 'title'
          ? <TitleForm recording={recording} changed={changed} close={close} />
          : <h2 class="record-title">{title || t('recording.title')}</h2>}
        <p class="hint">
          <time dateTime={date.toISOString()}>{date.toLocaleString(language.value, { dateStyle: 'medium', timeStyle: 'short' })}</time>
          {state === 'sealed' && <> · {formatDuration(recording.duration_ms)} · {formatBytes(recording.size_bytes, language.value)}</>}
          {state !== 'sealed' && <> · <span class={state === 'failed' ? 'text-danger' : ''}>{t(`records.state.${state}`)}</span></>}
          {recording.kind === 'track' && <> · <span data-testid="record-track">{t('records.track', { name: recording.recorded_by_name ?? '' })}</span></>}
          {recording.is_archived && <> · {t('records.archived')}</>}
        </p>
      </div>
      <div class="record-actions">
        {state === 'sealed' && (
          <>
            <Button kind="primary" testId="record-play" onClick={withLink((link) => navigate(playerPath({ recording_id: id, link }) ?? '/recordings'))}>
              <PlayIcon />{t('recording.play')}
            </Button>
            <Icon label={t('records.download', { title })} title={t('recording.download')} testId="record-download"
              act={withLink((link) => location.assign(`${link}&download=1`))}><DownloadIcon /></Icon>
            <Icon label={t('records.links', { title })} title={t('records.linksShort')} testId="record-links" act={() => setOpen('links')}><LinkIcon /></Icon>
          </>
        )}
        <Icon label={t('records.rename', { title })} title={t('records.renameShort')} testId="record-rename" focus={wasNamed && open === null}
          act={() => { setOpen('title'); setWasNamed(true); }}><EditIcon /></Icon>
        <Icon label={t('records.delete', { title })} title={t('chat.delete')} testId="record-delete" act={() => setOpen('delete')}><TrashIcon /></Icon>
      </div>
      {open === 'links' && <RecordingLinks id={id} title={title} close={close} />}
      {open === 'delete' && <DeleteDialog id={id} title={title} removed={removed} close={close} />}
    </li>
  );
}

interface IconProps {
  label: string;
  title: string;
  testId: string;
  act: () => void;
  children: JSX.Element;
  /** It has the focus back. */
  focus?: boolean;
}

function Icon({ label, title, testId, act, children, focus = false }: IconProps): JSX.Element {
  return <button type="button" ref={focus ? focusAtFirst : null} class="icon-button" aria-label={label} title={title} data-testid={testId} onClick={act}>{children}</button>;
}

function TitleForm({ recording, changed, close }: { recording: KeptRecording; changed: (recording: KeptRecording) => void; close: () => void }): JSX.Element {
  const [draft, setDraft] = useState(recording.title);
  const save = async (): Promise<void> => {
    const title = draft.trim();
    if (title === '' || title === recording.title) {
      close();
      return;
    }
    await attempt(async () => changed({ ...recording, ...await library.rename(recording.recording_id, title) }));
    close();
  };
  return (
    <form class="record-form" onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <input class="input" value={draft} maxLength={120} aria-label={t('records.renameShort')} data-testid="record-title-input" ref={focusAtFirst}
        onInput={(event) => setDraft(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === 'Escape') close(); }} />
      <Button type="submit" kind="primary" testId="record-title-save">{t('chat.save')}</Button>
      <Button onClick={close}>{t('chat.cancel')}</Button>
    </form>
  );
}

function DeleteDialog({ id, title, removed, close }: { id: string; title: string; removed: () => void; close: () => void }): JSX.Element {
  const remove = async (): Promise<void> => {
    if (await attempt(() => library.remove(id))) removed();
    else close();
  };
  return (
    <Dialog title={t('records.deleteTitle')} close={close} testId="record-delete-dialog">
      <p>{t('records.deleteText', { title })}</p>
      <div class="dialog-actions">
        <Button onClick={close}>{t('chat.cancel')}</Button>
        <Button kind="danger" testId="record-delete-confirm" onClick={() => void remove()}><TrashIcon />{t('chat.delete')}</Button>
      </div>
    </Dialog>
  );
}

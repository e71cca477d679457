import type { JSX } from 'preact';
import type { Recording } from '../../api/rest.ts';
import { filePath, playerPath } from '../../chat/recordingCard.ts';
import { t } from '../i18n/language.ts';
import { DownloadIcon, PlayIcon } from './icons.tsx';

/** Plays and downloads one's own track, beside the call that goes on. */
export function TrackLinks({ track }: { track: Recording }): JSX.Element | null {
  const file = filePath(track.recording_id, track.link.split('?')[1] ?? '');
  const player = playerPath(track);
  if (file === null || player === null) return null;
  return (
    <div class="button-row">
      <a class="button button-primary" href={player} target="_blank" rel="noopener" data-testid="track-play"><PlayIcon />{t('recording.play')}</a>
      <a class="button button-plain" href={`${file}&download=1`} download data-testid="track-download"><DownloadIcon />{t('recording.download')}</a>
    </div>
  );
}

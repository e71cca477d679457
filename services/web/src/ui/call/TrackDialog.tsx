import type { JSX } from 'preact';
import type { Recording } from '../../api/rest.ts';
import { t } from '../i18n/language.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { TrackLinks } from '../parts/TrackLinks.tsx';

/** The own track that was saved last, and where it is. */
export function TrackDialog({ track, close }: { track: Recording; close: () => void }): JSX.Element {
  return (
    <Dialog title={t('own.title')} close={close} testId="track-dialog">
      <p>{t('own.kept')}</p>
      <TrackLinks track={track} />
    </Dialog>
  );
}

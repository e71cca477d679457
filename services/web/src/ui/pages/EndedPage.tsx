import type { JSX } from 'preact';
import type { OwnTrack } from '../call/ownTrack.ts';
import { errorText, t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { PageFrame } from '../parts/PageFrame.tsx';
import { TrackLinks } from '../parts/TrackLinks.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { navigate } from '../router.ts';

/** The meeting is over for everybody. */
const over = new Set(['room_expired', 'room_ended']);

interface EndedPageProps {
  /** Stable code; `left` when it was the participant's own wish. */
  reason: string;
  /** Made in the call, or still being saved. */
  track: OwnTrack;
  again: () => void;
}

export function EndedPage({ reason, track, again }: EndedPageProps): JSX.Element {
  const title = t(reason === 'left' ? 'ended.left' : over.has(reason) ? 'ended.over' : 'ended.out');
  // Coming back at once would bring the same answer.
  const isFinal = over.has(reason) || reason === 'kicked';
  useTitle(title);
  return (
    <PageFrame>
      <section class="card notice" data-testid="ended">
        <h1>{title}</h1>
        {reason !== 'left' && <p class="quiet">{errorText(reason)}</p>}
        {track.saving.value && <p class="hint" role="status">{t('own.saving')}</p>}
        {track.saved.value !== null && (
          <>
            <p>{t('own.kept')}</p>
            <TrackLinks track={track.saved.value} />
          </>
        )}
        <div class="button-row">
          {!isFinal && <Button kind="primary" testId="join-again" onClick={again}>{t('ended.again')}</Button>}
          <Button onClick={() => navigate('/')}>{t('ended.home')}</Button>
        </div>
      </section>
    </PageFrame>
  );
}

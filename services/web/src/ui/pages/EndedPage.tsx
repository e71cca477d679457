import type { JSX } from 'preact';
import { errorText, t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { PageFrame } from '../parts/PageFrame.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { navigate } from '../router.ts';

/** The meeting is over for everybody. */
const over = new Set(['room_expired', 'room_ended']);

interface EndedPageProps {
  /** Stable code; `left` when it was the participant's own wish. */
  reason: string;
  again: () => void;
}

export function EndedPage({ reason, again }: EndedPageProps): JSX.Element {
  const title = t(reason === 'left' ? 'ended.left' : over.has(reason) ? 'ended.over' : 'ended.out');
  // Coming back at once would bring the same answer.
  const isFinal = over.has(reason) || reason === 'kicked';
  useTitle(title);
  return (
    <PageFrame>
      <section class="card notice" data-testid="ended">
        <h1>{title}</h1>
        {reason !== 'left' && <p class="quiet">{errorText(reason)}</p>}
        <div class="button-row">
          {!isFinal && <Button kind="primary" testId="join-again" onClick={again}>{t('ended.again')}</Button>}
          <Button onClick={() => navigate('/')}>{t('ended.home')}</Button>
        </div>
      </section>
    </PageFrame>
  );
}

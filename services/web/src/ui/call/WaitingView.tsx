import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { PageFrame } from '../parts/PageFrame.tsx';
import type { CallModel } from './callModel.ts';

/** Before the call: in the lobby, or in front of a room without a moderator. One is let in by itself. */
export function WaitingView({ call, what }: { call: CallModel; what: 'lobby' | 'moderator' }): JSX.Element {
  return (
    <PageFrame>
      <section class="card notice" data-testid="waiting" data-what={what}>
        <p class="eyebrow">{call.title || t('lobby.untitled')}</p>
        <h1>{t(`waiting.${what}`)}</h1>
        <p class="quiet" role="status">{t(`waiting.${what}Hint`)}</p>
        <div class="button-row"><Button onClick={() => void call.leave()} testId="stop-waiting">{t('waiting.leave')}</Button></div>
      </section>
    </PageFrame>
  );
}

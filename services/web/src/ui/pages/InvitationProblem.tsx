import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { PageFrame } from '../parts/PageFrame.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { OpenInvitation } from './OpenInvitation.tsx';

/** Instead of the lobby: the link leads nowhere, what to do, and a place for another one. */
export function InvitationProblem({ problem }: { problem: 'expired' | 'incomplete' }): JSX.Element {
  useTitle(t(`invite.${problem}`));
  return (
    <PageFrame>
      <section class="card notice" data-testid="invitation-problem" data-problem={problem}>
        <h1>{t(`invite.${problem}`)}</h1>
        <p class="quiet">{t(`invite.${problem}Hint`)}</p>
        <OpenInvitation />
      </section>
    </PageFrame>
  );
}

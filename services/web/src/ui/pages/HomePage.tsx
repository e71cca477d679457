import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { account, loadAccount } from '../account.ts';
import { t } from '../i18n/language.ts';
import { PageFrame } from '../parts/PageFrame.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { CreateRoom } from './CreateRoom.tsx';
import { OpenInvitation } from './OpenInvitation.tsx';
import { SignIn } from './SignIn.tsx';

export function HomePage(): JSX.Element {
  useTitle('');
  useEffect(() => void loadAccount(), []);

  return (
    <PageFrame>
      <div class="home">
        <section class="home-intro">
          <h1>{t('app.tagline')}</h1>
          <OpenInvitation />
        </section>
        <section class="card home-card">
          {account.value === undefined ? <div class="card-wait" aria-hidden="true" /> : account.value === null ? <SignIn /> : <CreateRoom />}
        </section>
      </div>
    </PageFrame>
  );
}

import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { PageFrame } from '../parts/PageFrame.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { navigate } from '../router.ts';

export function NotFoundPage(): JSX.Element {
  useTitle(t('notfound.title'));
  return (
    <PageFrame>
      <section class="card notice">
        <h1>{t('notfound.title')}</h1>
        <p class="quiet">{t('notfound.text')}</p>
        <Button kind="primary" onClick={() => navigate('/')}>{t('ended.home')}</Button>
      </section>
    </PageFrame>
  );
}

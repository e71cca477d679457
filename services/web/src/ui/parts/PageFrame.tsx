import type { ComponentChildren, JSX } from 'preact';
import { account, signOut } from '../account.ts';
import { t } from '../i18n/language.ts';
import { navigate } from '../router.ts';
import { LanguageSwitch } from './LanguageSwitch.tsx';

/** The frame of all pages but the call: brand, language, account. */
export function PageFrame({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <div class="page">
      <header class="page-header">
        <a class="brand" href="/" aria-label={t('app.home')} onClick={(event) => { event.preventDefault(); navigate('/'); }}>
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span>Clearway</span>
        </a>
        <div class="page-header-end">
          {account.value && (
            <>
              <a class="header-link" href="/recordings" data-testid="open-recordings"
                onClick={(event) => { event.preventDefault(); navigate('/recordings'); }}>{t('records.title')}</a>
              <span class="signed-in">{t('signin.as', { name: account.value.name })}</span>
              <button type="button" class="text-button" onClick={() => void signOut()}>{t('signin.out')}</button>
            </>
          )}
          <LanguageSwitch />
        </div>
      </header>
      <main id="content" class="page-main" tabIndex={-1}>{children}</main>
    </div>
  );
}

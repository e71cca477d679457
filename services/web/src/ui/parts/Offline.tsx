import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { announce } from '../toasts.ts';

const isOffline = signal(!navigator.onLine);
addEventListener('online', () => (isOffline.value = false));
addEventListener('offline', () => {
  isOffline.value = true;
  announce(t('app.offline'));
});

/** Above everything, as long as the browser has no network at all. */
export function Offline(): JSX.Element | null {
  return isOffline.value ? <p class="offline" data-testid="offline">{t('app.offline')}</p> : null;
}

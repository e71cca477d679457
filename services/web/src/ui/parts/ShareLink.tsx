import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { toast } from '../toasts.ts';
import { Button } from './Button.tsx';
import { LinkIcon } from './icons.tsx';

export function ShareLink({ link }: { link: string }): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t('link.label')}</label>
      <div class="input-row">
        <input id={id} class="input" readOnly value={link} data-testid="invitation-link" onFocus={(event) => event.currentTarget.select()} />
        <Button onClick={() => void copyLink(link)}><LinkIcon />{t('link.copy')}</Button>
      </div>
    </div>
  );
}

export async function copyLink(link: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(link);
    toast(t('link.copied'));
  } catch {
    toast(t('link.failed'), 'error');
  }
}

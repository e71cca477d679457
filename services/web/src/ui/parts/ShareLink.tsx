import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { toast } from '../toasts.ts';
import { Button } from './Button.tsx';
import { LinkIcon } from './icons.tsx';

interface ShareLinkProps {
  link: string;
  label?: string;
  /** What to say when it was copied. */
  copied?: string;
}

export function ShareLink({ link, label = t('link.label'), copied = t('link.copied') }: ShareLinkProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="input-row">
        <input id={id} class="input" readOnly value={link} data-testid="invitation-link" onFocus={(event) => event.currentTarget.select()} />
        <Button onClick={() => void copyLink(link, copied)}><LinkIcon />{t('link.copy')}</Button>
      </div>
    </div>
  );
}

export async function copyLink(link: string, copied: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(link);
    toast(copied);
  } catch {
    toast(t('link.failed'), 'error');
  }
}

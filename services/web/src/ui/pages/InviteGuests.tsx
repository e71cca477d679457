import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { lazy } from '../parts/lazy.tsx';
import { ShareLink } from '../parts/ShareLink.tsx';

const InviteDialog = lazy(async () => (await import('../call/InviteDialog.tsx')).InviteDialog, ({ close }) => close());

/** In the organizer's lobby: the link for the guests, and the same as a QR code. */
export function InviteGuests({ title, link }: { title: string; link: string }): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <div class="lobby-link">
      <ShareLink link={link} />
      <p class="hint">{t('create.share')}</p>
      <button type="button" class="text-button" data-testid="lobby-qr" onClick={() => setOpen(true)}>{t('link.showQr')}</button>
      {open && <InviteDialog title={title} link={link} close={() => setOpen(false)} />}
    </div>
  );
}

import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { QrCode } from '../parts/QrCode.tsx';
import { ShareLink } from '../parts/ShareLink.tsx';

interface InviteDialogProps {
  title: string;
  link: string;
  close: () => void;
}

/** The guests' link: to copy, to hand to another program, and as a picture for a phone. */
export function InviteDialog({ title, link, close }: InviteDialogProps): JSX.Element {
  return (
    <Dialog title={t('link.title')} close={close} testId="invite">
      <div class="form">
        <ShareLink link={link} />
        {'share' in navigator && (
          // Closing the system's sheet without choosing rejects; nothing is to be said about it.
          <Button onClick={() => void navigator.share({ title, url: link }).catch(() => undefined)} testId="invite-share">{t('link.share')}</Button>
        )}
        <QrCode text={link} label={t('link.qr')} />
        <p class="hint centred-text">{t('link.qrHint')}</p>
      </div>
    </Dialog>
  );
}

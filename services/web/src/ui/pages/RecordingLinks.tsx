import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { library } from '../../api/library.ts';
import { playerPath } from '../../chat/recordingCard.ts';
import { attempt } from '../complain.ts';
import { language, t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Segments } from '../parts/Segments.tsx';
import { copyLink, ShareLink } from '../parts/ShareLink.tsx';
import { toast } from '../toasts.ts';

const days = [1, 7, 30] as const;

interface RecordingLinksProps {
  id: string;
  title: string;
  close: () => void;
}

/** Links for those who may watch without an account, and the end of all that were given. */
export function RecordingLinks({ id, title, close }: RecordingLinksProps): JSX.Element {
  const [lifetime, setLifetime] = useState<(typeof days)[number]>(7);
  const [made, setMade] = useState<{ link: string; until: number } | null>(null);

  const make = () => attempt(async () => {
    const { link, expires_at: until } = await library.link(id, lifetime * 24 * 60);
    const address = `${location.origin}${playerPath({ recording_id: id, link }) ?? ''}`;
    setMade({ link: address, until });
    await copyLink(address, t('records.copied'));
  });
  const revoke = () => attempt(async () => {
    await library.revokeLinks(id);
    setMade(null);
    toast(t('records.revoked'));
  });

  return (
    <Dialog title={t('records.links', { title })} close={close} testId="record-links-dialog">
      <div class="form">
        <Segments label={t('records.lifetime')} values={days} chosen={lifetime} text={(count) => t('records.days', { count })} choose={setLifetime} testId="record-lifetime" />
        <Button kind="primary" testId="record-link-make" onClick={() => void make()}>{t('records.makeLink')}</Button>
        {made !== null && (
          <>
            <ShareLink link={made.link} label={t('records.link')} copied={t('records.copied')} />
            <p class="hint">{t('records.until', { date: new Date(made.until).toLocaleString(language.value, { dateStyle: 'long' }) })}</p>
          </>
        )}
        <hr class="rule" />
        <p class="hint">{t('records.revokeHint')}</p>
        <Button testId="record-links-revoke" onClick={() => void revoke()}>{t('records.revoke')}</Button>
      </div>
    </Dialog>
  );
}

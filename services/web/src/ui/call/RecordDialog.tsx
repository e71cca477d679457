import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { RecordIcon } from '../parts/icons.tsx';
import type { CallModel } from './callModel.ts';

/** Before a recording: what is recorded, where it goes, and that everybody is asked. */
export function RecordDialog({ call }: { call: CallModel }): JSX.Element {
  const close = (): void => void (call.dialog.value = null);
  return (
    <Dialog title={t('record.title')} close={close} testId="record-dialog">
      <ul class="facts">
        <li>{t('record.what')}</li>
        <li>{t('record.asked')}</li>
        <li>{t('record.kept')}</li>
      </ul>
      <div class="dialog-actions">
        <Button onClick={close}>{t('chat.cancel')}</Button>
        <Button kind="danger" testId="record-start" onClick={() => {
          close();
          call.recording.start();
        }}><RecordIcon />{t('record.start')}</Button>
      </div>
    </Dialog>
  );
}

import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import type { CallModel } from './callModel.ts';

/** Before the meeting ends for everybody, which cannot be undone. */
export function EndDialog({ call }: { call: CallModel }): JSX.Element {
  const close = (): void => void (call.dialog.value = null);
  return (
    <Dialog title={t('end.title')} close={close} testId="end-dialog">
      <p>{t('end.text')}</p>
      <div class="dialog-actions">
        <Button onClick={close}>{t('chat.cancel')}</Button>
        <Button kind="danger" testId="end-confirm" onClick={() => {
          close();
          call.room.control({ command: 'END_ROOM' });
        }}>{t('people.end')}</Button>
      </div>
    </Dialog>
  );
}

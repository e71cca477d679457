import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import type { CallModel } from './callModel.ts';

/** Asked of everybody but who records. Closing it is no consent: whoever does not agree is neither heard nor seen. */
export function ConsentDialog({ call }: { call: CallModel }): JSX.Element {
  const { recording } = call;
  return (
    <Dialog title={t('consent.title')} close={() => recording.answer(false)} testId="consent" asks>
      <p>{t('consent.text', { name: recording.recorderName })}</p>
      <p class="hint">{t('consent.hint')}</p>
      <div class="dialog-actions">
        <Button kind="quiet" testId="consent-leave" onClick={() => void call.leave()}>{t('consent.leave')}</Button>
        <Button testId="consent-refuse" onClick={() => recording.answer(false)}>{t('consent.refuse')}</Button>
        <Button kind="primary" testId="consent-grant" onClick={() => recording.answer(true)}>{t('consent.grant')}</Button>
      </div>
    </Dialog>
  );
}

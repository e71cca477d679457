import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { ConnectionCheck } from '../pages/ConnectionCheck.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import type { CallModel } from './callModel.ts';

export function CheckDialog({ call }: { call: CallModel }): JSX.Element {
  return (
    <Dialog title={t('check.dialog')} close={() => (call.dialog.value = null)} testId="check-dialog">
      <p class="quiet">{t('check.why')}</p>
      <ConnectionCheck invitation={call.invitation} />
    </Dialog>
  );
}

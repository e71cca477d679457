import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

/** In place of a part whose code did not come. A browser may not ask for it again before the page is loaded anew; after a renewal of the server it is gone. */
export function PartProblem({ close }: { close: () => void }): JSX.Element {
  return (
    <Dialog title={t('part.title')} close={close} testId="part-problem">
      <p>{t('part.text')}</p>
      <div class="dialog-actions"><Button kind="primary" testId="part-reload" onClick={() => location.reload()}>{t('part.reload')}</Button></div>
    </Dialog>
  );
}

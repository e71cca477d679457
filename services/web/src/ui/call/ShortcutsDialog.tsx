import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { Check } from '../parts/Check.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { preferences } from '../preferences.ts';
import type { CallModel } from './callModel.ts';
import { shortcuts } from './shortcuts.ts';

/** The help sheet. */
export function ShortcutsDialog({ call }: { call: CallModel }): JSX.Element {
  return (
    <Dialog title={t('keys.title')} close={() => (call.dialog.value = null)} testId="shortcuts">
      <dl class="keys">
        {shortcuts.map(({ key, text }) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(text)}</dd></div>)}
        <div><dt><kbd>{t('keys.space')}</kbd></dt><dd>{t('keys.talk')}</dd></div>
        <div><dt><kbd>Tab</kbd></dt><dd>{t('keys.complete')}</dd></div>
        <div><dt><kbd>Esc</kbd></dt><dd>{t('keys.close')}</dd></div>
      </dl>
      <Check label={t('settings.shortcuts')} checked={preferences.shortcuts.value} testId="shortcuts-on" onChange={(on) => (preferences.shortcuts.value = on)} />
      <p class="hint">{t('keys.hint')}</p>
    </Dialog>
  );
}

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { DeviceKind } from '../../media/localMedia.ts';
import type { MediaRefusal } from '../../media/mediaError.ts';
import { t } from '../i18n/language.ts';
import { Check } from '../parts/Check.tsx';
import { DeviceSettings } from '../parts/DeviceSettings.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { MicIcon } from '../parts/icons.tsx';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { LevelBar } from '../parts/LevelBar.tsx';
import { Segments } from '../parts/Segments.tsx';
import { preferences, themes } from '../preferences.ts';
import type { CallModel } from './callModel.ts';

export function SettingsDialog({ call }: { call: CallModel }): JSX.Element {
  const [problem, setProblem] = useState<{ kind: DeviceKind; refusal: MediaRefusal } | null>(null);
  return (
    <Dialog title={t('settings.title')} close={() => (call.dialog.value = null)} testId="settings">
      <div class="form">
        <DeviceSettings media={call.media} refused={(kind, refusal) => setProblem(refusal === null ? null : { kind, refusal })} />
        {problem !== null && (
          <p class="form-error" role="alert">{t(`media.${problem.kind}.${problem.refusal === 'cancelled' ? 'blocked' : problem.refusal}`)}</p>
        )}
        <div class="preview-level"><MicIcon /><LevelBar track={call.microphoneOn.value ? call.local.value.audio : null} /></div>
        <Segments label={t('settings.theme')} values={themes} chosen={preferences.theme.value} text={(theme) => t(`settings.theme.${theme}`)}
          choose={(theme) => (preferences.theme.value = theme)} testId="settings-theme" />
        <div class="setting-row">
          <span>{t('app.language')}</span>
          <LanguageSwitch />
        </div>
        <Check label={t('settings.shortcuts')} checked={preferences.shortcuts.value} testId="settings-shortcuts"
          onChange={(on) => (preferences.shortcuts.value = on)} />
      </div>
    </Dialog>
  );
}

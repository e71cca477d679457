import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { MenuItem } from '../parts/Menu.tsx';
import type { CallModel } from './callModel.ts';
import { gestureEmojis } from './gestures.ts';

/** Of a menu: emojis to show for a moment, side by side. */
export function GestureItems({ call }: { call: CallModel }): JSX.Element {
  return (
    <div role="group" class="menu-emojis" aria-label={t('control.gesture')}>
      {gestureEmojis.map((emoji) => <MenuItem key={emoji} testId="gesture" onClick={() => call.gestures.make(emoji)}>{emoji}</MenuItem>)}
    </div>
  );
}

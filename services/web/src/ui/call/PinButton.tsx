import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { PinIcon } from '../parts/icons.tsx';

interface PinButtonProps {
  name: string;
  pinned: boolean;
  toggle: () => void;
}

/** Shows a tile large for oneself. */
export function PinButton({ name, pinned, toggle }: PinButtonProps): JSX.Element {
  return (
    <button type="button" class="tile-pin" aria-pressed={pinned} aria-label={t('call.pin', { name })} title={t(pinned ? 'call.unpinShort' : 'call.pinShort')}
      data-testid="tile-pin" onClick={toggle}><PinIcon /></button>
  );
}

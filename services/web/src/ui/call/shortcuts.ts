import type { TextKey } from '../i18n/en.ts';
import { preferences } from '../preferences.ts';
import type { CallModel } from './callModel.ts';
import { toggleFullscreen } from './fullscreen.ts';

export type Shortcut = 'microphone' | 'camera' | 'share' | 'hand' | 'chat' | 'people' | 'view' | 'fullscreen' | 'help';

/** By the place of the key, which is the same in every keyboard layout (UI Events, `code`). */
export const shortcuts: readonly { name: Shortcut; code: string; key: string; text: TextKey }[] = [
  { name: 'microphone', code: 'KeyM', key: 'M', text: 'keys.microphone' },
  { name: 'camera', code: 'KeyV', key: 'V', text: 'keys.camera' },
  { name: 'share', code: 'KeyS', key: 'S', text: 'keys.share' },
  { name: 'hand', code: 'KeyH', key: 'H', text: 'keys.hand' },
  { name: 'chat', code: 'KeyC', key: 'C', text: 'keys.chat' },
  { name: 'people', code: 'KeyP', key: 'P', text: 'keys.people' },
  { name: 'view', code: 'KeyL', key: 'L', text: 'keys.view' },
  { name: 'fullscreen', code: 'KeyF', key: 'F', text: 'keys.fullscreen' },
  { name: 'help', code: 'Slash', key: '?', text: 'keys.help' },
];

/** The key of a shortcut as it is printed on keyboards; undefined while shortcuts are off. */
export function keyOf(name: Shortcut): string | undefined {
  return preferences.shortcuts.value ? shortcuts.find((one) => one.name === name)?.key : undefined;
}

type Keystroke = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat'>;

/** Which shortcut a keystroke is. Combinations belong to browser and system; only the help has the shift that its sign needs. */
export function shortcutOf(event: Keystroke): Shortcut | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return null;
  const found = shortcuts.find(({ code }) => code === event.code);
  return found === undefined || event.shiftKey !== (found.name === 'help') ? null : found.name;
}

/** Listens to the keyboard during a call; returns what ends it. While one types, or a dialog is open, keys are only what they are. */
export function listenToKeys(call: CallModel): () => void {
  const ended = new AbortController();
  addEventListener('keydown', (event) => {
    if (!preferences.shortcuts.value || event.defaultPrevented || isTaken(event.target)) return;
    if (event.code === 'Space' && !isControl(event.target)) {
      event.preventDefault();
      call.talk.press();
      return;
    }
    const shortcut = shortcutOf(event);
    if (shortcut === null) return;
    event.preventDefault();
    obey(call, shortcut);
  }, { signal: ended.signal });
  addEventListener('keyup', (event) => {
    if (event.code === 'Space') call.talk.release();
  }, { signal: ended.signal });
  // The key may come up in another window.
  addEventListener('blur', () => call.talk.release(), { signal: ended.signal });
  return () => ended.abort();
}

function obey(call: CallModel, shortcut: Shortcut): void {
  switch (shortcut) {
    case 'microphone':
      if (!call.rules.locked.value.audio) void call.toggleMicrophone();
      return;
    case 'camera':
      if (!call.rules.locked.value.video) void call.toggleCamera();
      return;
    case 'share':
      return void call.toggleShare();
    case 'hand':
      return call.rules.toggleHand();
    case 'chat':
    case 'people':
      return call.togglePanel(shortcut);
    case 'view':
      return call.view.nextView();
    case 'fullscreen':
      return toggleFullscreen();
    case 'help':
      call.dialog.value = 'shortcuts';
  }
}

/** Text is typed there, or a dialog lies over the call. */
function isTaken(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog, [role=menu]') !== null;
}

/** The space bar presses it. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, video[controls], [tabindex="0"]') !== null;
}

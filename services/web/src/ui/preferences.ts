import { effect, signal, type Signal } from '@preact/signals';
import { cameraLines, type CameraLines } from '../media/localMedia.ts';

export const views = ['auto', 'grid', 'speaker'] as const;
/** How the stage is laid out, where nobody is pinned. */
export type View = (typeof views)[number];

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** What one chose once and finds again on the next visit, in this browser alone. */
export const preferences = {
  name: stored('name', '', (text) => text),
  view: stored<View>('view', 'auto', oneOf(views)),
  theme: stored<Theme>('theme', 'system', oneOf(themes)),
  lines: stored<CameraLines>('lines', 720, (text) => cameraLines.find((lines) => String(lines) === text)),
  blur: stored('blur', false, flag),
  shortcuts: stored('shortcuts', true, flag),
  /** Whether one came with microphone and camera on the last time. */
  microphone: stored('microphone', true, flag),
  camera: stored('camera', true, flag),
  /** Where sound is played; empty for the system's own choice. */
  speaker: stored('speaker', '', (text) => text),
};

effect(() => {
  document.documentElement.dataset['theme'] = preferences.theme.value;
});

function stored<Value extends string | number | boolean>(name: string, otherwise: Value, read: (text: string) => Value | undefined): Signal<Value> {
  const key = `clearway.${name}`;
  const text = localStorage.getItem(key);
  const value = signal<Value>(text === null ? otherwise : read(text) ?? otherwise);
  value.subscribe((next) => {
    if (next === otherwise) localStorage.removeItem(key);
    else localStorage.setItem(key, String(next));
  });
  return value;
}

function oneOf<Value extends string>(values: readonly Value[]): (text: string) => Value | undefined {
  return (text) => values.find((value) => value === text);
}

function flag(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

import { effect, signal } from '@preact/signals';
import { en, type TextKey } from './en.ts';
import { ru } from './ru.ts';
import type { Text } from './text.ts';
import { fill, type Language, type Values } from './translate.ts';

const texts: Record<Language, Record<TextKey, Text>> = { en, ru };
const key = 'clearway.language';

export const language = signal<Language>(initial());

effect(() => {
  document.documentElement.lang = language.value;
});

export function setLanguage(value: Language): void {
  language.value = value;
  localStorage.setItem(key, value);
}

// Another tab of the same browser follows.
addEventListener('storage', ({ key: changed, newValue }) => {
  if (changed === key && (newValue === 'en' || newValue === 'ru')) language.value = newValue;
});

/** The text in the chosen language; components that call it are drawn again when the language changes. */
export function t(name: TextKey, values: Values = {}): string {
  return fill(texts[language.value][name], language.value, values);
}

/** The sentence for a stable error code. */
export function errorText(code: string): string {
  const name = `error.${code.startsWith('token_') ? 'token_expired' : code}`;
  return name in en ? t(name as TextKey) : t('error.unknown', { code });
}

function initial(): Language {
  const stored = localStorage.getItem(key);
  if (stored === 'en' || stored === 'ru') return stored;
  return navigator.languages.some((one) => one.toLowerCase().startsWith('ru')) ? 'ru' : 'en';
}

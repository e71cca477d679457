import type { Text } from './text.ts';

export type Language = 'en' | 'ru';
export type Values = Record<string, string | number>;

/** Fills a text in; a text with plural forms is chosen by `count`, by the rules of the language. */
export function fill(text: Text, language: Language, values: Values): string {
  const form = typeof text === 'string' ? text : pluralForm(text, language, Number(values['count']));
  return form.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? formatNumber(value, language) : value;
  });
}

/** A formatter takes the browser 20 ms to make, and small whole numbers, of which there are most, are written alike everywhere. */
function formatNumber(value: number, language: Language): string {
  return Number.isInteger(value) && value >= 0 && value < 1_000 ? String(value) : new Intl.NumberFormat(language).format(value);
}

function pluralForm(forms: Exclude<Text, string>, language: Language, count: number): string {
  return forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
}

/** "1.4 MB" in the units and separators of the language. */
export function formatBytes(bytes: number, language: Language): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(language, {
    style: 'unit', unit: units[step] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / 1000 ** step);
}

/** 61000 -> "1:01", 3661000 -> "1:01:01". */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

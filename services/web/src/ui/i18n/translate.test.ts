import { describe, expect, it } from 'vitest';
import { en, type TextKey } from './en.ts';
import { ru } from './ru.ts';
import type { Text } from './text.ts';
import { fill, formatBytes, formatDuration } from './translate.ts';

const forms = (text: Text): string[] => (typeof text === 'string' ? [text] : Object.values(text));
const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe('texts', () => {
  it.each(Object.keys(en) as TextKey[])('%s takes the same values in both languages', (key) => {
    const expected = placeholders(forms(en[key])[0] ?? '');
    for (const form of [...forms(en[key]), ...forms(ru[key])]) expect(placeholders(form)).toEqual(expected);
  });

  it.each(Object.entries(ru).filter(([, text]) => typeof text !== 'string'))('%s has all Russian plural forms', (_key, text) => {
    expect(Object.keys(text).sort()).toEqual(['few', 'many', 'one', 'other']);
  });

  it.each([[1, '1 участник'], [2, '2 участника'], [5, '5 участников'], [11, '11 участников'], [21, '21 участник'], [22, '22 участника']])(
    'counts %i in Russian', (count, text) => {
      expect(fill(ru['call.people'], 'ru', { count })).toBe(text);
    });

  it.each([[0, '0 people'], [1, '1 person'], [2, '2 people']])('counts %i in English', (count, text) => {
    expect(fill(en['call.people'], 'en', { count })).toBe(text);
  });

  it('leaves values as they are', () => {
    expect(fill('{name} joined', 'en', { name: '{count} <b>' })).toBe('{count} <b> joined');
  });
});

describe('formats', () => {
  it.each([[0, '0:00'], [61_000, '1:01'], [3_661_000, '1:01:01']])('%i ms is %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it('writes sizes the way the language does', () => {
    expect(formatBytes(1_048_576, 'en')).toBe('1 MB');
    expect(formatBytes(1_548_576, 'ru')).toBe('1,5 МБ');
  });
});

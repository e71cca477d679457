import type { JSX } from 'preact';
import { language, setLanguage, t } from '../i18n/language.ts';
import type { Language } from '../i18n/translate.ts';

const languages: { code: Language; name: string; short: string }[] = [
  { code: 'en', name: 'English', short: 'EN' },
  { code: 'ru', name: 'Русский', short: 'RU' },
];

export function LanguageSwitch(): JSX.Element {
  return (
    <div class="languages" role="group" aria-label={t('app.language')}>
      {languages.map(({ code, name, short }) => (
        <button key={code} type="button" lang={code} aria-label={`${short} – ${name}`} aria-pressed={language.value === code}
          onClick={() => setLanguage(code)}>{short}</button>
      ))}
    </div>
  );
}

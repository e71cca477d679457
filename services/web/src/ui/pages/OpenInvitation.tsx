import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { readPastedInvitation } from '../../api/invitation.ts';
import { t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { navigate } from '../router.ts';

export function OpenInvitation(): JSX.Element {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);

  const open = (): void => {
    const invitation = readPastedInvitation(text);
    if (invitation === null) setWrong(true);
    else navigate(`/join#${invitation}`);
  };

  return (
    <form class="form open-invitation" onSubmit={(event) => { event.preventDefault(); open(); }}>
      <h2>{t('invite.have')}</h2>
      <div class="open-invitation-row">
        <Field label={t('invite.paste')} value={text} autocomplete="off" testId="invitation-paste"
          onInput={(value) => { setText(value); setWrong(false); }} />
        <Button type="submit" testId="invitation-open">{t('invite.open')}</Button>
      </div>
      {wrong && <p class="form-error" role="alert">{t('invite.wrong')}</p>}
    </form>
  );
}

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { codeOf } from '../../api/problem.ts';
import { signIn } from '../account.ts';
import { errorText, t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';

export function SignIn(): JSX.Element {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      await signIn(name.trim(), password);
    } catch (error) {
      setRefusal(codeOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form class="form" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <h2>{t('signin.title')}</h2>
      <Field label={t('signin.name')} value={name} onInput={setName} testId="sign-in-name" autocomplete="name" required maxLength={64} />
      <Field label={t('signin.password')} value={password} onInput={setPassword} testId="sign-in-password" type="password"
        autocomplete="current-password" required />
      {refusal !== null && <p class="form-error" role="alert">{errorText(refusal)}</p>}
      <Button kind="primary" type="submit" disabled={busy} testId="sign-in-submit">{t('signin.submit')}</Button>
    </form>
  );
}

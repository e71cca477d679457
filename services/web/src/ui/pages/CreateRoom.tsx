import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { codeOf } from '../../api/problem.ts';
import { rest } from '../../api/rest.ts';
import { account } from '../account.ts';
import { errorText, t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { Check } from '../parts/Check.tsx';
import { Field } from '../parts/Field.tsx';
import { navigate } from '../router.ts';

/** Creates a meeting and goes on to its lobby, where the link for the guests is. */
export function CreateRoom(): JSX.Element {
  const [title, setTitle] = useState('');
  const [peers, setPeers] = useState('8');
  const [minutes, setMinutes] = useState('30');
  const [lobby, setLobby] = useState(false);
  const [wait, setWait] = useState(false);
  const [tracks, setTracks] = useState(true);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      const room = await rest.createRoom({
        title: title.trim(), max_peers: Number(peers), ttl_minutes: Number(minutes), lobby, wait_for_moderator: wait, own_tracks: tracks,
      });
      navigate(`/join#${room.organizer_invitation}&guest=${room.invitation}`);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'not_signed_in') account.value = null;
      setRefusal(code);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form class="form" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <h2>{t('create.title')}</h2>
      <Field label={t('create.name')} value={title} onInput={setTitle} testId="room-title" placeholder={t('create.placeholder')}
        required maxLength={120} autocomplete="off" />
      <div class="field-pair">
        <Field label={t('create.peers')} value={peers} onInput={setPeers} type="number" min={1} max={100} required testId="room-max-peers" />
        <Field label={t('create.minutes')} value={minutes} onInput={setMinutes} type="number" min={1} max={300} required testId="room-minutes" />
      </div>
      <Check label={t('create.lobby')} checked={lobby} onChange={setLobby} testId="room-lobby" />
      <Check label={t('create.wait')} checked={wait} onChange={setWait} testId="room-wait" />
      <Check label={t('create.tracks')} checked={tracks} onChange={setTracks} testId="room-tracks" />
      {refusal !== null && <p class="form-error" role="alert">{errorText(refusal)}</p>}
      <Button kind="primary" type="submit" disabled={busy} testId="room-create">{t('create.submit')}</Button>
    </form>
  );
}

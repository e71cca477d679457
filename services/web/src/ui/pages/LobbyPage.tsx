import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { InvitationPreview } from '../../api/invitation.ts';
import type { DeviceKind, LocalMedia } from '../../media/localMedia.ts';
import type { MediaRefusal } from '../../media/mediaError.ts';
import type { LocalTracks } from '../../peer/tracks.ts';
import { account, loadAccount } from '../account.ts';
import { errorText, t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { DeviceSettings } from '../parts/DeviceSettings.tsx';
import { Field } from '../parts/Field.tsx';
import { PageFrame } from '../parts/PageFrame.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { preferences } from '../preferences.ts';
import { ConnectionCheck } from './ConnectionCheck.tsx';
import { InviteGuests } from './InviteGuests.tsx';
import { LobbyPreview } from './LobbyPreview.tsx';

interface LobbyPageProps {
  invitation: string;
  preview: InvitationPreview;
  /** Shown to the organizer, to be sent to the guests. */
  guestLink: string | undefined;
  media: LocalMedia;
  joining: boolean;
  refusal: string | null;
  join: (name: string) => void;
}

type Problems = Partial<Record<DeviceKind, MediaRefusal>>;

export function LobbyPage({ invitation, preview, guestLink, media, joining, refusal, join }: LobbyPageProps): JSX.Element {
  useTitle(preview.roomTitle || t('lobby.untitled'));
  const [name, setName] = useState(preferences.name.value);
  const [tracks, setTracks] = useState<LocalTracks>(media.tracks);
  const [problems, setProblems] = useState<Problems>({});
  const [opening, setOpening] = useState(true);

  useEffect(() => {
    const end = media.on('changed', (changed) => setTracks({ ...changed }));
    void openDevices(media).then((refused) => {
      setProblems(refused);
      setOpening(false);
    });
    return end;
  }, [media]);

  useEffect(() => {
    if (preview.role !== 'organizer') return;
    void loadAccount().then(() => setName((current) => current === '' ? account.value?.name ?? '' : current));
  }, [preview.role]);

  const refused = (kind: DeviceKind, why: MediaRefusal | null): void =>
    setProblems(({ [kind]: _, ...others }) => why === null ? others : { ...others, [kind]: why });
  const toggle = async (kind: DeviceKind): Promise<void> => {
    const on = kind === 'microphone' ? !media.microphoneOn : media.tracks.camera === null;
    preferences[kind].value = on;
    refused(kind, await (kind === 'microphone' ? media.setMicrophone(on) : media.setCamera(on)));
  };
  const submit = (withoutDevices: boolean): void => {
    const trimmed = name.trim();
    if (trimmed === '') return;
    preferences.name.value = trimmed;
    if (withoutDevices) {
      void media.setMicrophone(false);
      void media.setCamera(false);
    }
    join(trimmed);
  };

  return (
    <PageFrame>
      <div class="lobby">
        <LobbyPreview tracks={tracks} opening={opening} name={name} problems={problems} toggle={(kind) => void toggle(kind)} />
        <form class="card form lobby-form" onSubmit={(event) => { event.preventDefault(); submit(false); }}>
          <div>
            <p class="eyebrow">{preview.role === 'organizer' ? t('lobby.hosting') : t('lobby.guest')}</p>
            <h1>{preview.roomTitle || t('lobby.untitled')}</h1>
          </div>
          <Field label={t('lobby.name')} value={name} onInput={setName} testId="lobby-name" autocomplete="name" required maxLength={64} />
          {refusal !== null && <p class="form-error" role="alert" data-testid="lobby-refusal">{errorText(refusal)}</p>}
          <Button kind="primary" type="submit" disabled={joining} testId="lobby-join">{joining ? t('lobby.joining') : t('lobby.join')}</Button>
          <button type="button" class="text-button centred" disabled={joining} data-testid="lobby-without-devices" onClick={() => submit(true)}>
            {t('lobby.without')}
          </button>
          {guestLink !== undefined && <InviteGuests title={preview.roomTitle} link={guestLink} />}
          <details class="more" data-testid="lobby-settings">
            <summary>{t('lobby.settings')}</summary>
            <div class="form"><DeviceSettings media={media} refused={refused} /></div>
          </details>
          <ConnectionCheck invitation={invitation} />
        </form>
      </div>
    </PageFrame>
  );
}

/** As one came the last time: what was off then is not even asked for. */
async function openDevices(media: LocalMedia): Promise<Problems> {
  await media.setLines(preferences.lines.value);
  if (preferences.blur.value) await media.setBlur(true);
  const { microphone, camera } = preferences;
  if (microphone.value && camera.value) return media.openBoth();
  const problems: Problems = {};
  const noMicrophone = microphone.value ? await media.setMicrophone(true) : null;
  const noCamera = camera.value ? await media.setCamera(true) : null;
  if (noMicrophone !== null) problems.microphone = noMicrophone;
  if (noCamera !== null) problems.camera = noCamera;
  return problems;
}

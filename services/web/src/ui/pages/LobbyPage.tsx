import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { InvitationPreview } from '../../api/invitation.ts';
import type { DeviceKind, LocalMedia } from '../../media/localMedia.ts';
import type { MediaRefusal } from '../../media/mediaError.ts';
import type { LocalTracks } from '../../peer/peerLink.ts';
import { account, loadAccount } from '../account.ts';
import { errorText, t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { DeviceSelect } from '../parts/DeviceSelect.tsx';
import { Field } from '../parts/Field.tsx';
import { CameraIcon, CameraOffIcon, MicIcon, MicOffIcon } from '../parts/icons.tsx';
import { LevelBar } from '../parts/LevelBar.tsx';
import { TrackVideo } from '../parts/MediaElements.tsx';
import { PageFrame } from '../parts/PageFrame.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { ShareLink } from '../parts/ShareLink.tsx';
import { ConnectionCheck } from './ConnectionCheck.tsx';

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

const nameKey = 'clearway.name';

export function LobbyPage({ invitation, preview, guestLink, media, joining, refusal, join }: LobbyPageProps): JSX.Element {
  useTitle(preview.roomTitle || t('lobby.untitled'));
  const [name, setName] = useState(localStorage.getItem(nameKey) ?? '');
  const [tracks, setTracks] = useState<LocalTracks>(media.tracks);
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const [problems, setProblems] = useState<Partial<Record<DeviceKind, MediaRefusal>>>({});
  const [opening, setOpening] = useState(true);

  useEffect(() => {
    const unsubscribe = [
      media.on('changed', (changed) => setTracks({ ...changed })),
      media.on('devices', setDevices),
    ];
    void media.openBoth().then((refused) => {
      setProblems(refused);
      setOpening(false);
    });
    return () => unsubscribe.forEach((end) => end());
  }, [media]);

  useEffect(() => {
    if (preview.role !== 'organizer') return;
    void loadAccount().then(() => setName((current) => current === '' ? account.value?.name ?? '' : current));
  }, [preview.role]);

  const toggle = async (kind: DeviceKind): Promise<void> => {
    const refused = kind === 'microphone' ? await media.setMicrophone(!media.microphoneOn) : await media.setCamera(media.tracks.camera === null);
    setProblems(({ [kind]: _, ...others }) => refused === null ? others : { ...others, [kind]: refused });
  };
  const choose = (kind: DeviceKind) => (id: string): void => {
    void media.choose(kind, id).then((refused) => refused !== null && setProblems((others) => ({ ...others, [kind]: refused })));
  };
  const submit = (withoutDevices: boolean): void => {
    const trimmed = name.trim();
    if (trimmed === '') return;
    localStorage.setItem(nameKey, trimmed);
    if (withoutDevices) {
      void media.setMicrophone(false);
      void media.setCamera(false);
    }
    join(trimmed);
  };

  const microphoneOn = tracks.audio?.enabled === true;
  return (
    <PageFrame>
      <div class="lobby">
        <section class="preview" aria-label={t('lobby.preview')}>
          {tracks.camera === null
            ? <p class="preview-off">{opening ? t('lobby.starting') : t('lobby.cameraOff')}</p>
            : <TrackVideo track={tracks.camera} class="preview-video mirrored" label={t('lobby.preview')} testId="lobby-video" />}
          <div class="preview-controls">
            <button type="button" class="round" aria-pressed={microphoneOn} data-testid="lobby-mic"
              aria-label={microphoneOn ? t('control.micOff') : t('control.micOn')} onClick={() => void toggle('microphone')}>
              {microphoneOn ? <MicIcon /> : <MicOffIcon />}
            </button>
            <button type="button" class="round" aria-pressed={tracks.camera !== null} data-testid="lobby-camera"
              aria-label={tracks.camera === null ? t('control.cameraOn') : t('control.cameraOff')} onClick={() => void toggle('camera')}>
              {tracks.camera === null ? <CameraOffIcon /> : <CameraIcon />}
            </button>
          </div>
          <LevelBar track={microphoneOn ? tracks.audio : null} />
        </section>

        <form class="card form lobby-form" onSubmit={(event) => { event.preventDefault(); submit(false); }}>
          <p class="eyebrow">{preview.role === 'organizer' ? t('lobby.hosting') : t('lobby.guest')}</p>
          <h1>{preview.roomTitle || t('lobby.untitled')}</h1>
          {guestLink !== undefined && (
            <div class="lobby-link">
              <ShareLink link={guestLink} />
              <p class="hint">{t('create.share')}</p>
            </div>
          )}
          <Field label={t('lobby.name')} value={name} onInput={setName} testId="lobby-name" autocomplete="name" required maxLength={64} />
          <div class="field-pair">
            <DeviceSelect kind="camera" devices={devices} chosen={media.deviceId('camera')} choose={choose('camera')} />
            <DeviceSelect kind="microphone" devices={devices} chosen={media.deviceId('microphone')} choose={choose('microphone')} />
          </div>
          {(Object.entries(problems) as [DeviceKind, MediaRefusal][]).map(([kind, problem]) => (
            <p key={kind} class="form-hint" role="status">{t(`media.${kind}.${problem === 'cancelled' ? 'blocked' : problem}`)}</p>
          ))}
          {refusal !== null && <p class="form-error" role="alert" data-testid="lobby-refusal">{errorText(refusal)}</p>}
          <Button kind="primary" type="submit" disabled={joining} testId="lobby-join">{joining ? t('lobby.joining') : t('lobby.join')}</Button>
          <button type="button" class="text-button centred" disabled={joining} data-testid="lobby-without-devices" onClick={() => submit(true)}>
            {t('lobby.without')}
          </button>
          <ConnectionCheck invitation={invitation} />
        </form>
      </div>
    </PageFrame>
  );
}

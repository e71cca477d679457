import type { JSX } from 'preact';
import type { DeviceKind } from '../../media/localMedia.ts';
import type { MediaRefusal } from '../../media/mediaError.ts';
import type { LocalTracks } from '../../peer/tracks.ts';
import { t } from '../i18n/language.ts';
import { Avatar } from '../parts/Avatar.tsx';
import { CameraIcon, CameraOffIcon, MicIcon, MicOffIcon } from '../parts/icons.tsx';
import { LevelBar } from '../parts/LevelBar.tsx';
import { TrackVideo } from '../parts/MediaElements.tsx';

interface LobbyPreviewProps {
  tracks: LocalTracks;
  opening: boolean;
  name: string;
  problems: Partial<Record<DeviceKind, MediaRefusal>>;
  toggle: (kind: DeviceKind) => void;
}

/** How one will look and sound, and what to do where camera or microphone could not be had. */
export function LobbyPreview({ tracks, opening, name, problems, toggle }: LobbyPreviewProps): JSX.Element {
  const microphoneOn = tracks.audio?.enabled === true;
  const cameraOn = tracks.camera !== null;
  return (
    <section class="preview" aria-label={t('lobby.preview')}>
      <div class="preview-box">
        <Avatar name={name} />
        {tracks.camera !== null && <TrackVideo track={tracks.camera} class="preview-video mirrored" label={t('lobby.preview')} testId="lobby-video" />}
        {!cameraOn && <p class="preview-note" role="status">{opening ? t('lobby.starting') : t('lobby.cameraOff')}</p>}
        <div class="preview-controls">
          <button type="button" class="round" data-on={microphoneOn} data-testid="lobby-mic" aria-label={microphoneOn ? t('control.micOff') : t('control.micOn')}
            onClick={() => toggle('microphone')}>
            {microphoneOn ? <MicIcon /> : <MicOffIcon />}
          </button>
          <button type="button" class="round" data-on={cameraOn} data-testid="lobby-camera" aria-label={cameraOn ? t('control.cameraOff') : t('control.cameraOn')}
            onClick={() => toggle('camera')}>
            {cameraOn ? <CameraIcon /> : <CameraOffIcon />}
          </button>
        </div>
      </div>
      <div class="preview-level">
        <MicIcon />
        <LevelBar track={microphoneOn ? tracks.audio : null} />
      </div>
      {(Object.entries(problems) as [DeviceKind, MediaRefusal][]).map(([kind, problem]) => (
        <p key={kind} class="form-hint" role="status" data-testid="device-problem" data-kind={kind} data-problem={problem}>
          {t(`media.${kind}.${problem === 'cancelled' ? 'blocked' : problem}`)}
        </p>
      ))}
    </section>
  );
}

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { cameraLines, type DeviceKind, type LocalMedia } from '../../media/localMedia.ts';
import type { MediaRefusal } from '../../media/mediaError.ts';
import { t } from '../i18n/language.ts';
import { preferences } from '../preferences.ts';
import { Check } from './Check.tsx';
import { DeviceSelect } from './DeviceSelect.tsx';
import { Segments } from './Segments.tsx';

interface DeviceSettingsProps {
  media: LocalMedia;
  /** Told what could not be opened, or that it could. */
  refused: (kind: DeviceKind, refusal: MediaRefusal | null) => void;
}

/** Which camera, microphone and loudspeaker, and how the camera's picture is to be; the same before the call and in it. */
export function DeviceSettings({ media, refused }: DeviceSettingsProps): JSX.Element {
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  // Tracks come and go while this is shown, and with them what the camera can do.
  const [, setChanges] = useState(0);
  useEffect(() => {
    void media.devices().then(setDevices);
    const ends = [media.on('devices', setDevices), media.on('changed', () => setChanges((changes) => changes + 1))];
    return () => ends.forEach((end) => end());
  }, [media]);

  const choose = (kind: DeviceKind) => (id: string): void => {
    void media.choose(kind, id).then((refusal) => refused(kind, refusal));
  };
  return (
    <>
      <div class="field-pair">
        <DeviceSelect kind="camera" devices={devices} chosen={media.deviceId('camera')} choose={choose('camera')} />
        <DeviceSelect kind="microphone" devices={devices} chosen={media.deviceId('microphone')} choose={choose('microphone')} />
      </div>
      {canChooseSpeaker && (
        <DeviceSelect kind="speaker" devices={devices} chosen={preferences.speaker.value} choose={(id) => (preferences.speaker.value = id)} />
      )}
      <Segments label={t('settings.lines')} values={cameraLines} chosen={preferences.lines.value} text={(lines) => `${lines}p`} testId="camera-lines"
        choose={(lines) => {
          preferences.lines.value = lines;
          void media.setLines(lines);
        }} />
      {media.canBlur
        ? (
          <Check label={t('settings.blur')} checked={preferences.blur.value} testId="background-blur" onChange={(on) => {
            preferences.blur.value = on;
            void media.setBlur(on);
          }} />
        )
        : media.tracks.camera !== null && <p class="hint" data-testid="no-blur">{t('settings.noBlur')}</p>}
    </>
  );
}

/** Not on Safari and older Firefox (W3C Audio Output Devices). */
const canChooseSpeaker = typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;

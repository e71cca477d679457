import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../i18n/language.ts';

const deviceKinds = { camera: 'videoinput', microphone: 'audioinput', speaker: 'audiooutput' } as const;

interface DeviceSelectProps {
  kind: keyof typeof deviceKinds;
  devices: MediaDeviceInfo[];
  chosen: string;
  choose: (deviceId: string) => void;
}

export function DeviceSelect({ kind, devices, chosen, choose }: DeviceSelectProps): JSX.Element {
  const id = useId();
  const offered = devices.filter((device) => device.kind === deviceKinds[kind]);
  return (
    <div class="field">
      <label for={id}>{t(`lobby.${kind}`)}</label>
      <select id={id} class="input" value={chosen} disabled={offered.length === 0} data-testid={`lobby-select-${kind}`}
        onChange={(event) => choose(event.currentTarget.value)}>
        {!offered.some((device) => device.deviceId === chosen) && <option value="">{t('lobby.default')}</option>}
        {offered.map((device) => <option key={device.deviceId} value={device.deviceId}>{device.label || t('lobby.default')}</option>)}
      </select>
    </div>
  );
}

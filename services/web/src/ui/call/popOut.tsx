import { effect } from '@preact/signals';
import { render } from 'preact';
import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { CameraIcon, CameraOffIcon, LeaveIcon, MicIcon, MicOffIcon } from '../parts/icons.tsx';
import { TrackVideo } from '../parts/MediaElements.tsx';
import { Avatar } from '../parts/Avatar.tsx';
import { toast } from '../toasts.ts';
import type { CallModel } from './callModel.ts';
import { Control } from './Control.tsx';
import { isScreen, screenId } from './leading.ts';

/** Document Picture-in-Picture (WICG); the DOM types do not know it yet. */
interface DocumentPictureInPicture {
  requestWindow: (options: { width: number; height: number }) => Promise<Window>;
}

function ofDocument(): DocumentPictureInPicture | undefined {
  return (globalThis as { documentPictureInPicture?: DocumentPictureInPicture }).documentPictureInPicture;
}

export function canPopOut(): boolean {
  return ofDocument() !== undefined || document.pictureInPictureEnabled;
}

/** Shows who matters in a small window above all others: with controls where the browser can, else the picture alone. */
export async function popOut(call: CallModel): Promise<void> {
  try {
    const pictureInPicture = ofDocument();
    if (pictureInPicture === undefined) await document.querySelector<HTMLVideoElement>('.stage video')?.requestPictureInPicture();
    else show(call, await pictureInPicture.requestWindow({ width: 340, height: 260 }));
  } catch {
    toast(t('view.popOutFailed'), 'error');
  }
}

function show(call: CallModel, small: Window): void {
  const { documentElement, head, body } = small.document;
  documentElement.lang = document.documentElement.lang;
  documentElement.dataset['theme'] = document.documentElement.dataset['theme'] ?? '';
  for (const sheet of document.querySelectorAll('link[rel=stylesheet], style')) head.append(sheet.cloneNode(true));
  small.document.title = call.title || t('lobby.untitled');
  render(<Small call={call} />, body);
  // The call may end while the window is open.
  const stop = effect(() => {
    if (call.ended.value !== null) small.close();
  });
  small.addEventListener('pagehide', () => {
    stop();
    render(null, body);
  }, { once: true });
}

function Small({ call }: { call: CallModel }): JSX.Element {
  const { participants, remote, view, local, microphoneOn, rules } = call;
  const shown = view.leading.value ?? view.speaker.value ?? participants.value[0]?.id ?? call.id.value;
  const participant = participants.value.find(({ id }) => shown === id || shown === screenId(id));
  const tracks = participant === undefined ? undefined : remote.value.get(participant.id);
  const camera = participant === undefined ? local.value.camera : participant.video && !participant.video_locked ? tracks?.camera ?? null : null;
  const track = isScreen(shown) ? tracks?.screen ?? null : camera;
  const name = participant?.name ?? call.name;
  const locked = rules.locked.value;
  return (
    <div class="small-call" data-testid="small-call">
      <div class="tile">
        <Avatar name={name} />
        {track !== null && <TrackVideo track={track} class={isScreen(shown) ? 'screen-video' : 'tile-video'} label={name} />}
        <p class="tile-footer">{name}</p>
      </div>
      <nav class="controls" aria-label={t('call.controls')}>
        <Control testId="small-mic" text={t('control.mic')} label={t(microphoneOn.value ? 'control.micOff' : 'control.micOn')} off={!microphoneOn.value} pressed={microphoneOn.value}
          disabled={locked.audio} onClick={() => void call.toggleMicrophone()}>{microphoneOn.value ? <MicIcon /> : <MicOffIcon />}</Control>
        <Control testId="small-camera" text={t('control.camera')} label={t(local.value.camera === null ? 'control.cameraOn' : 'control.cameraOff')}
          off={local.value.camera === null} pressed={local.value.camera !== null} disabled={locked.video} onClick={() => void call.toggleCamera()}>
          {local.value.camera === null ? <CameraOffIcon /> : <CameraIcon />}</Control>
        <Control testId="small-leave" text={t('control.leave')} label={t('control.leaveLong')} leave onClick={() => void call.leave()}><LeaveIcon /></Control>
      </nav>
    </div>
  );
}

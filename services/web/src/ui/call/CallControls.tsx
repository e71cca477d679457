import type { ComponentChildren, JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { CameraIcon, CameraOffIcon, ChatIcon, HandIcon, LeaveIcon, LinkIcon, MicIcon, MicOffIcon, PeopleIcon, RecordIcon, ScreenIcon } from '../parts/icons.tsx';
import { copyLink } from '../parts/ShareLink.tsx';
import type { CallModel } from './callModel.ts';

export function CallControls({ call }: { call: CallModel }): JSX.Element {
  const microphone = call.microphoneOn.value;
  const camera = call.local.value.camera !== null;
  const sharing = call.local.value.screen !== null;
  const recording = call.recording.running.value !== null;
  const chat = call.chatOpen.value;
  const unread = call.unread.value;
  const hand = call.rules.handRaised.value;
  const people = call.panel.value === 'people';
  const knocking = call.rules.knocking.value.length;
  const locked = call.rules.locked.value;
  const link = call.invitationLink;
  const canShare = 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;

  return (
    <nav class="controls" aria-label={t('call.controls')}>
      <Control testId="control-mic" text={t('control.mic')} label={t(locked.audio ? 'control.micLocked' : microphone ? 'control.micOff' : 'control.micOn')}
        off={!microphone} disabled={locked.audio}
        onClick={() => void call.toggleMicrophone()}>{microphone ? <MicIcon /> : <MicOffIcon />}</Control>
      <Control testId="control-camera" text={t('control.camera')} label={t(locked.video ? 'control.cameraLocked' : camera ? 'control.cameraOff' : 'control.cameraOn')}
        off={!camera} disabled={locked.video}
        onClick={() => void call.toggleCamera()}>{camera ? <CameraIcon /> : <CameraOffIcon />}</Control>
      {canShare && (
        <Control testId="control-share" text={t('control.share')} label={t(sharing ? 'control.shareOff' : 'control.shareOn')} active={sharing}
          onClick={() => void call.toggleShare()}><ScreenIcon /></Control>
      )}
      {call.canModerate && (
        <Control testId="control-record" text={t('control.record')} label={t(recording ? 'control.recordOff' : 'control.recordOn')} danger={recording}
          disabled={call.recording.saving.value} onClick={() => call.recording.toggle()}><RecordIcon /></Control>
      )}
      <Control testId="control-chat" text={t('control.chat')} label={t(chat ? 'control.chatClose' : 'control.chatOpen')} active={chat}
        onClick={() => call.togglePanel('chat')}>
        <ChatIcon />
        {unread > 0 && <span class="count" data-testid="chat-unread" aria-label={t('control.unread', { count: unread })}>{unread > 99 ? '99+' : unread}</span>}
      </Control>
      <Control testId="control-hand" text={t('control.hand')} label={t(hand ? 'control.handDown' : 'control.handUp')} active={hand}
        onClick={() => call.rules.toggleHand()}><HandIcon /></Control>
      <Control testId="control-people" text={t('control.people')} label={t(people ? 'people.close' : 'control.peopleOpen')} active={people}
        onClick={() => call.togglePanel('people')}>
        <PeopleIcon />
        {knocking > 0 && <span class="count" data-testid="knock-count" aria-label={t('control.knocking', { count: knocking })}>{knocking}</span>}
      </Control>
      {link !== undefined && (
        <Control testId="control-invite" text={t('control.invite')} label={t('control.inviteLong')} onClick={() => void copyLink(link)}><LinkIcon /></Control>
      )}
      <Control testId="control-leave" text={t('control.leave')} label={t('control.leaveLong')} leave onClick={() => void call.leave()}><LeaveIcon /></Control>
    </nav>
  );
}

interface ControlProps {
  children: ComponentChildren;
  text: string;
  label: string;
  testId: string;
  onClick: () => void;
  off?: boolean;
  active?: boolean;
  danger?: boolean;
  leave?: boolean;
  disabled?: boolean;
}

function Control({ children, text, label, testId, onClick, off = false, active = false, danger = false, leave = false, disabled = false }: ControlProps): JSX.Element {
  const look = leave ? 'leave' : danger ? 'danger' : off ? 'off' : active ? 'active' : 'plain';
  return (
    <button type="button" class={`control control-${look}`} aria-label={label} title={label} data-testid={testId} disabled={disabled} onClick={onClick}>
      <span class="control-icon">{children}</span>
      <span class="control-text" aria-hidden="true">{text}</span>
    </button>
  );
}

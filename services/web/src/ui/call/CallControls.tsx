import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { CameraIcon, CameraOffIcon, ChatIcon, HandIcon, LeaveIcon, LinkIcon, MicIcon, MicOffIcon, PeopleIcon, RecordIcon, ScreenIcon, SmileIcon } from '../parts/icons.tsx';
import { Menu, MenuItem } from '../parts/Menu.tsx';
import type { CallModel } from './callModel.ts';
import { Control } from './Control.tsx';
import { GestureItems } from './GestureItems.tsx';
import { MoreMenu } from './MoreMenu.tsx';
import { keyOf } from './shortcuts.ts';

export const canShareScreen = typeof navigator !== 'undefined' && 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;

/** What one does in a call. On a phone the less frequent of it is in the menu. */
export function CallControls({ call }: { call: CallModel }): JSX.Element {
  const unread = call.chat.unread.value;
  const knocking = call.rules.knocking.value.length;
  const chat = call.chat.isOpen.value;
  const people = call.panel.value === 'people';

  return (
    <nav class="controls" aria-label={t('call.controls')}>
      <DeviceControls call={call} />
      <ActionControls call={call} />
      <Control testId="control-chat" text={t('control.chat')} label={t(chat ? 'control.chatClose' : 'control.chatOpen')} active={chat} expanded={chat}
        note={unread > 0 ? t('control.unread', { count: unread }) : undefined}
        shortcut={keyOf('chat')} onClick={() => call.togglePanel('chat')}>
        <ChatIcon />
        {unread > 0 && <Count count={unread} testId="chat-unread" />}
      </Control>
      <Control testId="control-people" text={t('control.people')} label={t(people ? 'people.close' : 'control.peopleOpen')} active={people} expanded={people}
        note={knocking > 0 ? t('control.knocking', { count: knocking }) : undefined}
        shortcut={keyOf('people')} onClick={() => call.togglePanel('people')}>
        <PeopleIcon />
        {knocking > 0 && <Count count={knocking} testId="knock-count" />}
      </Control>
      <MoreMenu call={call} />
      <Leave call={call} />
    </nav>
  );
}

function DeviceControls({ call }: { call: CallModel }): JSX.Element {
  const microphone = call.microphoneOn.value;
  const camera = call.local.value.camera !== null;
  const locked = call.rules.locked.value;
  return (
    <>
      <Control testId="control-mic" text={t('control.mic')} off={!microphone} pressed={microphone} disabled={locked.audio}
        label={t(locked.audio ? 'control.micLocked' : microphone ? 'control.micOff' : 'control.micOn')} shortcut={keyOf('microphone')}
        onClick={() => void call.toggleMicrophone()}>{microphone ? <MicIcon /> : <MicOffIcon />}</Control>
      <Control testId="control-camera" text={t('control.camera')} off={!camera} pressed={camera} disabled={locked.video}
        label={t(locked.video ? 'control.cameraLocked' : camera ? 'control.cameraOff' : 'control.cameraOn')} shortcut={keyOf('camera')}
        onClick={() => void call.toggleCamera()}>{camera ? <CameraIcon /> : <CameraOffIcon />}</Control>
    </>
  );
}

/** On a phone these are in the menu. */
function ActionControls({ call }: { call: CallModel }): JSX.Element {
  const sharing = call.local.value.screen !== null;
  const recording = call.recording.running.value !== null;
  const hand = call.rules.handRaised.value;
  return (
    <>
      {canShareScreen && (
        <Control wide testId="control-share" text={t('control.share')} label={t(sharing ? 'control.shareOff' : 'control.shareOn')} active={sharing} pressed={sharing}
          shortcut={keyOf('share')} onClick={() => void call.toggleShare()}><ScreenIcon /></Control>
      )}
      {call.canModerate && (
        <Control wide testId="control-record" text={t('control.record')} label={t(recording ? 'control.recordOff' : 'control.recordOn')} danger={recording} pressed={recording}
          disabled={call.recording.saving.value} onClick={() => call.recording.toggle()}><RecordIcon /></Control>
      )}
      <Control wide testId="control-hand" text={t('control.hand')} label={t(hand ? 'control.handDown' : 'control.handUp')} active={hand} pressed={hand}
        shortcut={keyOf('hand')} onClick={() => call.rules.toggleHand()}><HandIcon /></Control>
      <div class="control-wide">
        <Menu label={t('control.gesture')} button={({ expanded, toggle }) => (
          <Control testId="control-gesture" text={t('control.gesture')} label={t('control.gestureLong')} menu expanded={expanded} active={expanded} onClick={toggle}><SmileIcon /></Control>
        )}><GestureItems call={call} /></Menu>
      </div>
      {call.invitationLink !== undefined && (
        <Control wide testId="control-invite" text={t('control.invite')} label={t('control.inviteLong')} onClick={() => (call.dialog.value = 'invite')}><LinkIcon /></Control>
      )}
    </>
  );
}

/** Guests leave at once; the organizer says whether the meeting goes on. */
function Leave({ call }: { call: CallModel }): JSX.Element {
  const label = t('control.leaveLong');
  if (call.role !== 'organizer') {
    return <Control testId="control-leave" text={t('control.leave')} label={label} leave onClick={() => void call.leave()}><LeaveIcon /></Control>;
  }
  return (
    <Menu label={label} button={({ expanded, toggle }) => (
      <Control testId="control-leave" text={t('control.leave')} label={label} leave menu expanded={expanded} onClick={toggle}><LeaveIcon /></Control>
    )}>
      <MenuItem testId="leave-self" onClick={() => void call.leave()}>{t('leave.self')}</MenuItem>
      <MenuItem testId="leave-end" danger onClick={() => (call.dialog.value = 'end')}>{t('people.end')}</MenuItem>
    </Menu>
  );
}

/** Drawn, not written: the button's name says it in words. */
function Count({ count, testId }: { count: number; testId: string }): JSX.Element {
  return <span class="count" data-testid={testId} data-count={count > 99 ? '99+' : count} />;
}

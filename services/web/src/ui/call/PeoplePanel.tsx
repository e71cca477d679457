import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Participant } from '../../signaling/messages.ts';
import { t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { focusAtFirst } from '../parts/focusAtFirst.ts';
import { CameraOffIcon, CrownIcon, HandIcon, MicOffIcon, MoreIcon } from '../parts/icons.tsx';
import type { CallModel } from './callModel.ts';
import { IdentityLine } from './IdentityMark.tsx';
import { SidePanel } from './SidePanel.tsx';

const extension = 15;

/** Who is here and who waits; for organizers and moderators also what they may do about it. */
export function PeoplePanel({ call }: { call: CallModel }): JSX.Element {
  const participants = [...call.participants.value].sort((a, b) => (a.hand || Infinity) - (b.hand || Infinity));
  return (
    <SidePanel title={t('people.title')} closeLabel={t('people.close')} close={() => call.togglePanel('people')} opener="control-people">
      <div class="panel-body">
        <Knocking call={call} />
        <ul class="people">
          <li class="person" data-testid="person" data-self="true">
            <span class="person-name">{call.name} ({t('call.you')})</span>
            <Marks hand={call.rules.handRaised.value} audio={call.microphoneOn.value} video={call.local.value.camera !== null} role={call.role} />
          </li>
          {participants.map((one) => <Person key={one.id} call={call} person={one} />)}
        </ul>
      </div>
      {call.canModerate && <RoomRules call={call} />}
    </SidePanel>
  );
}

function Knocking({ call }: { call: CallModel }): JSX.Element | null {
  const knocking = call.rules.knocking.value;
  if (knocking.length === 0) return null;
  return (
    <section class="knocking" aria-label={t('people.knocking')}>
      <h3>{t('people.knocking')}</h3>
      <ul class="people">
        {knocking.map(({ id, name }) => (
          <li key={id} class="person" data-testid="knock" data-participant-id={id}>
            <span class="person-name">{name}</span>
            <button type="button" class="text-button" data-testid="admit" onClick={() => call.room.control({ command: 'ADMIT', target_id: id })}>{t('people.admit')}</button>
            <button type="button" class="text-button text-danger" data-testid="deny" onClick={() => call.room.control({ command: 'DENY', target_id: id })}>{t('people.deny')}</button>
          </li>
        ))}
      </ul>
      {knocking.length > 1 && <Button testId="admit-all" onClick={() => call.room.control({ command: 'ADMIT' })}>{t('people.admitAll')}</Button>}
    </section>
  );
}

function Person({ call, person }: { call: CallModel; person: Participant }): JSX.Element {
  const [open, setOpen] = useState(false);
  const [hasActed, setHasActed] = useState(false);
  const { id, name, role } = person;
  const order = (give: () => void) => (): void => {
    setOpen(false);
    setHasActed(true);
    give();
  };
  const isFocused = call.rules.speaker.value === id;
  const isLocked = person.audio_locked || person.video_locked;
  return (
    <li class="person" data-testid="person" data-participant-id={id}>
      <span class="person-name">{name}</span>
      <Marks hand={person.hand > 0} audio={person.audio} video={person.video} role={role} />
      {call.canModerate && (
        <button type="button" class="icon-button" aria-expanded={open} aria-label={t('people.actions', { name })} data-testid="person-actions"
          ref={hasActed && !open ? focusAtFirst : null} onClick={() => setOpen(!open)}><MoreIcon /></button>
      )}
      <IdentityLine verdict={call.verdicts.value.get(id)} name={name} />
      {open && (
        <div class="person-actions">
          <Action testId="focus" text={t(isFocused ? 'people.unfocus' : 'people.focus')} act={order(() => call.rules.toggleSpeaker(id))} />
          <Action testId="mute" text={t('people.mute')} act={order(() => call.room.control({ command: 'MUTE_AUDIO', target_id: id }))} />
          <Action testId="mute-lock" text={t('people.muteLock')} act={order(() => call.room.control({ command: 'MUTE_AUDIO', target_id: id, locked: true }))} />
          <Action testId="camera-off" text={t('people.cameraOff')} act={order(() => call.room.control({ command: 'MUTE_VIDEO', target_id: id, locked: true }))} />
          {isLocked && (
            <Action testId="allow" text={t('people.allow')} act={order(() => {
              call.room.control({ command: 'ALLOW_AUDIO', target_id: id });
              call.room.control({ command: 'ALLOW_VIDEO', target_id: id });
            })} />
          )}
          <Action testId="kick" text={t('people.kick')} danger act={order(() => call.room.control({ command: 'KICK_PEER', target_id: id }))} />
        </div>
      )}
    </li>
  );
}

function Action({ text, testId, act, danger = false }: { text: string; testId: string; act: () => void; danger?: boolean }): JSX.Element {
  return <button type="button" class={danger ? 'text-button text-danger' : 'text-button'} data-testid={`person-${testId}`} onClick={act}>{text}</button>;
}

function Marks({ hand, audio, video, role }: { hand: boolean; audio: boolean; video: boolean; role: Participant['role'] }): JSX.Element {
  return (
    <span class="person-marks">
      {hand && <span role="img" class="mark-hand" aria-label={t('call.hand')} data-testid="person-hand"><HandIcon /></span>}
      {(role === 'organizer' || role === 'moderator') && <span role="img" aria-label={t(`call.${role}`)}><CrownIcon /></span>}
      {!audio && <span role="img" aria-label={t('call.muted')}><MicOffIcon /></span>}
      {!video && <span role="img" aria-label={t('call.cameraOff')}><CameraOffIcon /></span>}
    </span>
  );
}

function RoomRules({ call }: { call: CallModel }): JSX.Element {
  const policy = call.rules.policy.value;
  const paused = call.rules.isPaused.value;
  return (
    <footer class="panel-footer" aria-label={t('people.rules')}>
      <Button testId="mute-all" onClick={() => call.room.control({ command: 'GLOBAL_MUTE_AUDIO', locked: true })}>{t('people.muteAll')}</Button>
      <Button testId="allow-all" onClick={() => {
        call.room.control({ command: 'ALLOW_AUDIO' });
        call.room.control({ command: 'ALLOW_VIDEO' });
      }}>{t('people.allowAll')}</Button>
      <Button testId="lock-room" onClick={() => call.rules.toggleLock()}>{t(policy?.locked === true ? 'people.unlock' : 'people.lock')}</Button>
      <Button testId="pause-room" onClick={() => call.rules.togglePause()}>{t(paused ? 'people.resume' : 'people.pause')}</Button>
      <Button testId="extend" onClick={() => call.room.control({ command: 'EXTEND', minutes: extension })}>{t('people.extend', { count: extension })}</Button>
      {call.role === 'organizer' && (
        <Button testId="end-room" kind="danger" onClick={() => (call.dialog.value = 'end')}>{t('people.end')}</Button>
      )}
    </footer>
  );
}

import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { TrackAudio } from '../parts/MediaElements.tsx';
import { CallControls } from './CallControls.tsx';
import { CallDialogs } from './CallDialogs.tsx';
import { useTitle } from '../parts/useTitle.ts';
import type { CallModel } from './callModel.ts';
import { screenId } from './leading.ts';
import { lazy, loadSoon } from '../parts/lazy.tsx';
import { listenToKeys } from './shortcuts.ts';
import { Stage } from './Stage.tsx';
import { keepScreenOn } from './wakeLock.ts';
import { WaitingView } from './WaitingView.tsx';

const closePanel = ({ call }: { call: CallModel }): void => void (call.panel.value = null);
const ChatPanel = lazy(async () => (await import('./ChatPanel.tsx')).ChatPanel, closePanel);
const PeoplePanel = lazy(async () => (await import('./PeoplePanel.tsx')).PeoplePanel, closePanel);
const StatsPanel = lazy(async () => (await import('./StatsPanel.tsx')).StatsPanel, closePanel);

export function CallView({ call }: { call: CallModel }): JSX.Element {
  useTitle(call.title || t('lobby.untitled'));
  useLayoutEffect(() => listenToKeys(call), [call]);
  useEffect(() => keepScreenOn(), [call]);
  useEffect(() => loadSoon(ChatPanel, PeoplePanel, StatsPanel), []);
  const waiting = call.rules.waiting.value;
  if (waiting !== null) return <WaitingView call={call} what={waiting} />;
  return (
    <div class="call" data-testid="call" data-panel={call.panel.value ?? 'none'} data-state={call.state.value}>
      <CallHeader call={call} />
      <main id="content" class="call-main" tabIndex={-1}>
        <Stage call={call} />
        {call.panel.value === 'chat' && <ChatPanel call={call} />}
        {call.panel.value === 'people' && <PeoplePanel call={call} />}
        {call.panel.value === 'stats' && <StatsPanel call={call} />}
      </main>
      <CallControls call={call} />
      <CallDialogs call={call} />
      {[...call.remote.value].map(([id, { audio }]) => <TrackAudio key={id} participantId={id} track={audio} onHeard={() => call.telemetry.firstMedia()} />)}
      {[...call.remote.value].filter(([id]) => isSharing(call, id))
        .map(([id, { screenSound }]) => <TrackAudio key={screenId(id)} participantId={id} track={screenSound} />)}
    </div>
  );
}

function isSharing(call: CallModel, participantId: string): boolean {
  return call.participants.value.some(({ id, screen }) => id === participantId && screen);
}

function CallHeader({ call }: { call: CallModel }): JSX.Element {
  const count = call.participants.value.length + 1;
  return (
    <header class="call-header">
      <h1 class="call-title">{call.title || t('lobby.untitled')}</h1>
      <span class="call-fact">{t('call.people', { count })}</span>
      {!call.rules.isPaused.value && <TimeLeft deadline={call.rules.deadline.value} />}
      {call.rules.isPaused.value && <span class="badge badge-warning" data-testid="paused">{t('call.paused')}</span>}
      {call.rules.policy.value?.locked === true && <span class="badge" data-testid="locked">{t('call.lockedBadge')}</span>}
      {call.recording.running.value !== null && (
        <span class="badge badge-recording" data-testid="recording-badge"><span class="dot" aria-hidden="true" />{t('call.recording')}</span>
      )}
      {call.ownTrack.running.value && <span class="badge" data-testid="own-badge"><span class="dot" aria-hidden="true" />{t('own.badge')}</span>}
      {call.recording.saving.value && <span class="badge" data-testid="recording-saving">{t('call.saving')}</span>}
      {call.ownTrack.saving.value && <span class="badge" data-testid="own-saving">{t('own.saving')}</span>}
      {call.state.value === 'connecting' && <span class="badge" role="status">{t('call.connecting')}</span>}
      {call.state.value === 'reconnecting' && <span class="badge badge-warning" data-testid="reconnecting">{t('call.reconnecting')}</span>}
    </header>
  );
}

/** Said only when it matters: in the last ten minutes. */
function TimeLeft({ deadline }: { deadline: number }): JSX.Element | null {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  const minutes = Math.ceil((deadline - now) / 60_000);
  return deadline === 0 || minutes > 10 ? null : <span class="badge badge-warning">{t('call.left', { count: Math.max(0, minutes) })}</span>;
}

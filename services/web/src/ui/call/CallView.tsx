import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { TrackAudio } from '../parts/MediaElements.tsx';
import { CallControls } from './CallControls.tsx';
import { useTitle } from '../parts/useTitle.ts';
import type { CallModel } from './callModel.ts';
import { ChatPanel } from './ChatPanel.tsx';
import { Stage } from './Stage.tsx';

export function CallView({ call }: { call: CallModel }): JSX.Element {
  useTitle(call.title || t('lobby.untitled'));
  return (
    <div class="call" data-testid="call" data-chat={call.chatOpen.value ? 'open' : 'closed'} data-state={call.state.value}>
      <CallHeader call={call} />
      <main id="content" class="call-main" tabIndex={-1}>
        <Stage call={call} />
        {call.chatOpen.value && <ChatPanel call={call} />}
      </main>
      <CallControls call={call} />
      {[...call.remote.value].map(([id, tracks]) => (
        <TrackAudio key={id} track={tracks.audio} onHeard={() => call.telemetry.firstMedia()} />
      ))}
    </div>
  );
}

function CallHeader({ call }: { call: CallModel }): JSX.Element {
  const count = call.participants.value.length + 1;
  return (
    <header class="call-header">
      <h1 class="call-title">{call.title || t('lobby.untitled')}</h1>
      <span class="call-fact">{t('call.people', { count })}</span>
      <TimeLeft deadline={call.deadline.value} />
      {call.recording.running.value !== null && (
        <span class="badge badge-recording" data-testid="recording-badge"><span class="dot" aria-hidden="true" />{t('call.recording')}</span>
      )}
      {call.recording.saving.value && <span class="badge" data-testid="recording-saving">{t('call.saving')}</span>}
      {call.state.value === 'connecting' && <span class="badge" role="status">{t('call.connecting')}</span>}
      {call.state.value === 'reconnecting' && (
        <span class="badge badge-warning" role="status" data-testid="reconnecting">{t('call.reconnecting')}</span>
      )}
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

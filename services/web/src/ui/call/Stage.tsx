import type { JSX } from 'preact';
import type { LinkCause } from '../../peer/linkQuality.ts';
import type { LinkQuality } from '../../peer/linkStats.ts';
import { t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { LinkIcon } from '../parts/icons.tsx';
import type { CallModel } from './callModel.ts';
import { Grid } from './Grid.tsx';
import { isScreen, screenId } from './leading.ts';
import { OwnScreen, ScreenFigure } from './ScreenFigure.tsx';
import { Tile } from './Tile.tsx';

/**
 * Pictures of everybody: one of them large, or all as equals. Whoever becomes large keeps their element, which a style makes large: a video in
 * another one would be dark until its next picture.
 */
export function Stage({ call }: { call: CallModel }): JSX.Element {
  const leading = call.view.leading.value;
  const items = stageItems(call);
  const large = items.find(({ id }) => id === leading);
  const others = items.length - (large === undefined ? 0 : 1);
  const mode = large === undefined ? 'grid' : isScreen(large.id) ? 'screen' : 'speaker';

  return (
    <section class="stage" aria-label={t('call.stage')} data-mode={mode}>
      {call.local.value.screen !== null && (
        <p class="sharing" role="status">
          {t('call.sharing')}
          <Button onClick={() => call.media.stopSharing()} testId="stop-sharing">{t('call.stopSharing')}</Button>
        </p>
      )}
      {call.reach.anyBlocked.value && (
        <p class="sharing blocked" role="alert" data-testid="blocked">
          {t('call.blocked')}
          <Button onClick={() => (call.dialog.value = 'check')} testId="blocked-check">{t('check.title')}</Button>
        </p>
      )}
      <Grid count={others} strip={large !== undefined}>
        {items.map(({ id, tile }) => {
          // One's own id is not known before one is let in.
          const key = id === call.id.value ? 'self' : id;
          return id === large?.id
            ? <div key={key} class="leading" data-testid="leading" data-leading={id}>{tile}</div>
            : <div key={key} class="equal">{tile}</div>;
        })}
      </Grid>
      <GesturesInWords call={call} />
      {call.rules.isPaused.value ? <Paused call={call} /> : call.participants.value.length === 0 && call.state.value === 'joined' && <Alone call={call} />}
    </section>
  );
}

interface StageItem {
  id: string;
  tile: JSX.Element;
}

function stageItems(call: CallModel): StageItem[] {
  const { view, voices, rules, gestures, remote, participants, local } = call;
  const ownScreen = local.value.screen;
  const pin = (id: string): { pinned: boolean; togglePin: () => void } => ({ pinned: view.pinned.value === id, togglePin: () => view.togglePin(id) });
  const self = call.id.value;
  return [
    ...view.presenters.value.flatMap((one) => {
      const id = screenId(one.id);
      const track = remote.value.get(one.id)?.screen;
      return track === undefined ? [] : [{ id, tile: <ScreenFigure call={call} name={one.name} track={track} {...pin(id)} /> }];
    }),
    {
      id: self,
      tile: <Tile self id={self} name={call.name} role={call.role} camera={local.value.camera} audio={call.microphoneOn.value}
        speaking={voices.speaking.value.has(self)} reach="fine" hand={rules.handRaised.value} gesture={gestures.shown.value.get(self)} {...pin(self)} />,
    },
    ...ownScreen === null ? [] : [{ id: screenId(self), tile: <OwnScreen call={call} track={ownScreen} /> }],
    ...participants.value.map((one) => ({
      id: one.id,
      tile: <Tile id={one.id} name={one.name} role={one.role} audio={one.audio && !one.audio_locked}
        camera={one.video && !one.video_locked ? remote.value.get(one.id)?.camera ?? null : null}
        speaking={voices.speaking.value.has(one.id)} reach={one.away ? 'lost' : call.reach.of(one.id)} hand={one.hand > 0} gesture={gestures.shown.value.get(one.id)}
        verdict={call.verdicts.value.get(one.id)} cause={poorCause(call.quality.value.get(one.id))} onShown={() => call.telemetry.firstMedia()}
        onLines={(lines) => call.room.show(one.id, lines)} {...pin(one.id)} />,
    })),
  ];
}

/** Below this score many people are dissatisfied (ITU-T G.107 Annex B). */
const poorScore = 3.1;

function poorCause(quality: LinkQuality | undefined): LinkCause | undefined {
  return quality === undefined || quality.mos >= poorScore || quality.cause === 'silent' ? undefined : quality.cause;
}

/** For those who do not see the tiles. */
function GesturesInWords({ call }: { call: CallModel }): JSX.Element {
  const { gestures, participants } = call;
  const others = participants.value.flatMap(({ id, name }) => {
    const gesture = gestures.shown.value.get(id);
    return gesture === undefined ? [] : [`${name}: ${gesture.emoji}`];
  });
  return <p class="heard-only" role="status" data-testid="gestures-in-words">{others.join(', ')}</p>;
}

function Alone({ call }: { call: CallModel }): JSX.Element {
  return (
    <div class="notice-box" data-testid="alone">
      <strong>{t('call.alone')}</strong>
      <p>{t('call.aloneHint')}</p>
      {call.invitationLink !== undefined && (
        <Button kind="primary" onClick={() => (call.dialog.value = 'invite')} testId="alone-invite"><LinkIcon />{t('control.inviteLong')}</Button>
      )}
    </div>
  );
}

function Paused({ call }: { call: CallModel }): JSX.Element {
  return (
    <div class="pause-screen" data-testid="pause-screen">
      <h2>{t('call.pausedTitle')}</h2>
      <p>{t(call.canModerate ? 'call.pausedModerator' : 'call.pausedHint')}</p>
      {call.canModerate && <Button kind="primary" onClick={() => call.rules.togglePause()} testId="pause-resume">{t('people.resume')}</Button>}
    </div>
  );
}

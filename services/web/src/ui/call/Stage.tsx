import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { LinkIcon } from '../parts/icons.tsx';
import { TrackVideo } from '../parts/MediaElements.tsx';
import { copyLink } from '../parts/ShareLink.tsx';
import type { CallModel } from './callModel.ts';
import { Pointers } from './Pointers.tsx';
import { Tile } from './Tile.tsx';
import { tileSize } from './tileSize.ts';

export function Stage({ call }: { call: CallModel }): JSX.Element {
  const participants = call.participants.value;
  const presenter = participants.find((one) => one.screen && call.remote.value.has(one.id));
  const screen = presenter === undefined ? undefined : call.remote.value.get(presenter.id)?.screen;
  const focused = call.rules.speaker.value;
  const tiles = [
    <Tile key="self" self id={call.id.value} name={call.name} role={call.role} camera={call.local.value.camera} audio={call.microphoneOn.value}
      speaking={call.speaking.value.has(call.id.value)} away={false} hand={call.rules.handRaised.value} />,
    ...participants.map((one) => (
      <Tile key={one.id} id={one.id} name={one.name} role={one.role} audio={one.audio && !one.audio_locked}
        camera={one.video && !one.video_locked ? call.remote.value.get(one.id)?.camera ?? null : null}
        speaking={call.speaking.value.has(one.id)} away={one.away || call.unreachable.value.has(one.id)} hand={one.hand > 0}
        verdict={call.verdicts.value.get(one.id)}
        onShown={() => call.telemetry.firstMedia()} />
    )),
  ];
  const isFocused = (tile: JSX.Element): boolean => (tile.props as { id: string }).id === focused;
  const leading = screen === undefined ? tiles.find(isFocused) : undefined;
  const others = leading === undefined ? tiles : tiles.filter((tile) => tile !== leading);

  return (
    <section class="stage" aria-label={t('call.stage')} data-mode={screen !== undefined ? 'screen' : leading !== undefined ? 'speaker' : 'grid'}>
      {call.local.value.screen !== null && (
        <p class="sharing" role="status">
          {t('call.sharing')}
          <Button onClick={() => call.media.stopSharing()} testId="stop-sharing">{t('call.stopSharing')}</Button>
        </p>
      )}
      {screen !== undefined && presenter !== undefined && (
        <figure class="screen">
          <TrackVideo key={presenter.id} track={screen} class="screen-video" label={t('call.screenOf', { name: presenter.name })} testId="screen-video" />
          <Pointers call={call} />
          <figcaption>{t('call.screenOf', { name: presenter.name })}</figcaption>
        </figure>
      )}
      {leading !== undefined && <div class="leading" data-testid="leading">{leading}</div>}
      <Grid count={others.length} strip={screen !== undefined || leading !== undefined}>{others}</Grid>
      {participants.length === 0 && call.state.value === 'joined' && <Alone call={call} />}
    </section>
  );
}

function Alone({ call }: { call: CallModel }): JSX.Element {
  const link = call.invitationLink;
  return (
    <div class="alone">
      <strong>{t('call.alone')}</strong>
      <p>{t('call.aloneHint')}</p>
      {link !== undefined && <Button onClick={() => void copyLink(link)}><LinkIcon />{t('control.inviteLong')}</Button>}
    </div>
  );
}

/** Tiles as large as the box allows. */
function Grid({ count, strip, children }: { count: number; strip: boolean; children: JSX.Element[] }): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = ref.current;
    if (box === null) return undefined;
    const fit = (): void => {
      const { width, aspect } = tileSize(count, box.clientWidth, box.clientHeight, 8);
      box.style.setProperty('--tile-width', `${width}px`);
      box.style.setProperty('--tile-aspect', aspect.toFixed(4));
    };
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(box);
    return () => observer.disconnect();
  }, [count, strip]);
  return <div ref={ref} class={strip ? 'tiles tiles-strip' : 'tiles'}>{children}</div>;
}

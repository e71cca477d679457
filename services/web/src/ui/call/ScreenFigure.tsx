import type { JSX } from 'preact';
import { t } from '../i18n/language.ts';
import { ScreenIcon } from '../parts/icons.tsx';
import { TrackVideo } from '../parts/MediaElements.tsx';
import type { CallModel } from './callModel.ts';
import { PinButton } from './PinButton.tsx';
import { Pointers } from './Pointers.tsx';

interface ScreenFigureProps {
  call: CallModel;
  name: string;
  track: MediaStreamTrack;
  pinned: boolean;
  togglePin: () => void;
}

/** Somebody's shared screen, on which one can point. */
export function ScreenFigure({ call, name, track, pinned, togglePin }: ScreenFigureProps): JSX.Element {
  const label = t('call.screenOf', { name });
  return (
    <figure class="screen tile">
      <TrackVideo track={track} class="screen-video" label={label} testId="screen-video" />
      <Pointers call={call} />
      <PinButton name={label} pinned={pinned} toggle={togglePin} />
      <figcaption class="tile-footer">{label}</figcaption>
    </figure>
  );
}

/** What one shares oneself, with the pointers of the others; a whole monitor is not shown in itself. */
export function OwnScreen({ call, track }: { call: CallModel; track: MediaStreamTrack }): JSX.Element {
  const isMonitor = track.getSettings().displaySurface === 'monitor';
  return (
    <figure class="screen tile" data-testid="own-screen">
      {isMonitor ? <span class="screen-off"><ScreenIcon /></span> : <TrackVideo track={track} class="screen-video" label={t('call.ownScreen')} />}
      <Pointers call={call} readOnly />
      <figcaption class="tile-footer">{t('call.ownScreen')}</figcaption>
    </figure>
  );
}

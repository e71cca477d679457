import type { JSX } from 'preact';
import { identityOf } from '../../identity/identityState.ts';
import type { LinkCause } from '../../peer/linkQuality.ts';
import type { Verdict } from '../../identity/verifiedRelay.ts';
import type { Role } from '../../signaling/messages.ts';
import { t } from '../i18n/language.ts';
import { Avatar } from '../parts/Avatar.tsx';
import { CrownIcon, HandIcon, MicOffIcon, StatsIcon } from '../parts/icons.tsx';
import { TrackVideo } from '../parts/MediaElements.tsx';
import { IdentityMark, IdentityWarning } from './IdentityMark.tsx';
import type { Gesture } from './gestures.ts';
import type { Reach } from './reachability.ts';
import { PinButton } from './PinButton.tsx';

interface TileProps {
  id: string;
  name: string;
  role: Role;
  self?: boolean;
  camera: MediaStreamTrack | null;
  audio: boolean;
  speaking: boolean;
  reach: Reach;
  hand: boolean;
  gesture: Gesture | undefined;
  /** Undefined for oneself, and as long as nothing is known. */
  verdict?: Verdict | undefined;
  /** What spoils the sound, where it is noticeably poor. */
  cause?: LinkCause | undefined;
  pinned: boolean;
  togglePin: () => void;
  onShown?: () => void;
  onLines?: (lines: number) => void;
}

export function Tile({ id, name, role, self = false, camera, audio, speaking, reach, hand, gesture, verdict, cause, pinned, togglePin, onShown, onLines }: TileProps): JSX.Element {
  const label = self ? `${name} (${t('call.you')})` : name;
  return (
    <article class="tile" data-testid="tile" data-participant-id={id} data-self={self} data-speaking={speaking} data-away={reach !== 'fine'}
      data-identity={identityOf(verdict, name)} aria-label={label}
      onDblClick={togglePin}>
      <Avatar name={name} />
      {camera !== null
        && <TrackVideo track={camera} class={self ? 'tile-video mirrored' : 'tile-video'} label={label} testId="tile-video" onShown={onShown} onLines={onLines} />}
      {reach !== 'fine' && verdict?.state !== 'refused' && <p class="tile-away">{t(reach === 'lost' ? 'call.away' : 'call.unreached')}</p>}
      <IdentityWarning verdict={verdict} name={name} />
      {gesture !== undefined && <span key={gesture.number} class="tile-gesture" aria-hidden="true" data-testid="tile-gesture">{gesture.emoji}</span>}
      <PinButton name={label} pinned={pinned} toggle={togglePin} />
      <footer class="tile-footer">
        <IdentityMark verdict={verdict} name={name} />
        {cause !== undefined && (
          <span class="tile-poor" role="img" aria-label={t('call.poor', { cause: t(`cause.${cause}`) })} title={t('call.poor', { cause: t(`cause.${cause}`) })}
            data-testid="tile-poor" data-cause={cause}><StatsIcon /></span>
        )}
        {hand && <span class="tile-hand" role="img" aria-label={t('call.hand')} data-testid="tile-hand"><HandIcon /></span>}
        {!audio && <span class="tile-muted" role="img" aria-label={t('call.muted')} data-testid="tile-muted"><MicOffIcon /></span>}
        {role === 'organizer' && <span class="tile-role" role="img" aria-label={t('call.organizer')}><CrownIcon /></span>}
        <span class="tile-name">{label}</span>
      </footer>
    </article>
  );
}

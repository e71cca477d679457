import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { watchLevel } from '../../media/levelMeter.ts';
import { t } from '../i18n/language.ts';

/** How loud the microphone is, without drawing the page again ten times a second. */
export function LevelBar({ track }: { track: MediaStreamTrack | null }): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const bar = ref.current;
    if (bar === null) return undefined;
    const show = (level: number): void => {
      bar.style.setProperty('--level', level.toFixed(3));
      bar.setAttribute('aria-valuenow', String(Math.round(level * 100)));
    };
    show(0);
    return track === null ? undefined : watchLevel(track, show);
  }, [track]);
  return <div ref={ref} class="level" role="meter" aria-label={t('lobby.level')} aria-valuemin={0} aria-valuemax={100} data-testid="lobby-level" />;
}

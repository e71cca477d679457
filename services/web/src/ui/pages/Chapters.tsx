import type { JSX } from 'preact';
import type { Chapter } from '../../api/library.ts';
import { t } from '../i18n/language.ts';
import { formatDuration } from '../i18n/translate.ts';
import { Avatar } from '../parts/Avatar.tsx';

interface ChaptersProps {
  chapters: Chapter[];
  durationMs: number;
  /** Where the film is just now. */
  atMs: number;
  seek: (ms: number) => void;
}

/** Who spoke when: a lane for each speaker over the length of the film, and below it every turn as a line to click. */
export function Chapters({ chapters, durationMs, atMs, seek }: ChaptersProps): JSX.Element {
  if (chapters.length === 0) return <p class="hint" data-testid="no-chapters">{t('player.noChapters')}</p>;
  const speakers = [...new Map(chapters.map((one) => [one.participant_id, one.name]))];
  const share = (ms: number): string => `${(Math.min(1, ms / Math.max(1, durationMs)) * 100).toFixed(2)}%`;
  return (
    <section class="chapters" aria-labelledby="chapters-title">
      <h2 id="chapters-title">{t('player.chapters')}</h2>
      <div class="lanes" aria-hidden="true">
        {speakers.map(([id, name]) => (
          <div key={id} class="lane">
            <span class="lane-name">{name}</span>
            <span class="lane-line">
              {chapters.filter((one) => one.participant_id === id).map((one) => (
                <span key={one.start_ms} class="lane-turn" style={{ insetInlineStart: share(one.start_ms), inlineSize: share(one.end_ms - one.start_ms) }} />
              ))}
              {atMs > 0 && <span class="lane-now" style={{ insetInlineStart: share(atMs) }} />}
            </span>
          </div>
        ))}
      </div>
      <ol class="turns">
        {chapters.map((one) => (
          <li key={`${one.participant_id} ${one.start_ms}`}>
            <button type="button" class="turn" data-testid="chapter"
              aria-current={atMs >= one.start_ms && atMs < one.end_ms ? 'true' : undefined} onClick={() => seek(one.start_ms)}>
              <span class="turn-avatar"><Avatar name={one.name} /></span>
              <span class="turn-name">{one.name}</span>{' '}
              <span class="turn-time">{formatDuration(one.start_ms)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

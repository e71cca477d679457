import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { chapters, type Chapter } from '../../api/library.ts';
import { Problem } from '../../api/problem.ts';
import { filePath } from '../../chat/recordingCard.ts';
import { errorText, language, t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { DownloadIcon } from '../parts/icons.tsx';
import { PageFrame } from '../parts/PageFrame.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { navigate } from '../router.ts';
import { Chapters } from './Chapters.tsx';

interface PlayerPageProps {
  recordingId: string;
  /** The link's `expires` and `signature`, kept behind `#` so that they stay out of logs. */
  hash: string;
}

/** What is wrong with a link; the film itself tells only that it does not play. */
const tellable = new Set(['link_expired', 'link_refused', 'address_refused', 'recording_archived']);

interface About {
  title: string;
  durationMs: number;
  createdAt: number;
  chapters: Chapter[];
}

/** `/recordings/{id}#...`: the film, and who spoke when. */
export function PlayerPage({ recordingId, hash }: PlayerPageProps): JSX.Element {
  const file = filePath(recordingId, hash.replace(/^#/, ''));
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [about, setAbout] = useState<About | null>(null);
  const [at, setAt] = useState(0);
  const title = about === null || about.title === '' ? t('recording.page') : about.title;
  useTitle(title);

  useEffect(() => {
    const query = file?.split('?')[1];
    if (query === undefined) return undefined;
    let isGone = false;
    chapters(recordingId, query).then(({ recording, chapters: turns }) => {
      if (!isGone) setAbout({ title: recording.title, durationMs: recording.duration_ms, createdAt: recording.created_at, chapters: turns });
    }, (error: unknown) => {
      if (!isGone && error instanceof Problem && tellable.has(error.code)) setProblem(errorText(error.code));
    });
    return () => {
      isGone = true;
    };
  }, [file]);

  const seek = (ms: number): void => {
    if (video.current === null) return;
    video.current.currentTime = ms / 1000;
    // Refused where the film does not load, which its own error tells.
    video.current.play().catch(() => undefined);
  };

  if (file === null) {
    return (
      <PageFrame>
        <section class="card notice">
          <h1>{title}</h1>
          <p class="form-error" role="alert">{t('recording.badLink')}</p>
          <Button onClick={() => navigate('/')}>{t('ended.home')}</Button>
        </section>
      </PageFrame>
    );
  }
  return (
    <PageFrame>
      <section class="player">
        <h1>{title}</h1>
        <p class="hint">{about === null ? '\u00a0' : new Date(about.createdAt).toLocaleString(language.value, { dateStyle: 'long', timeStyle: 'short' })}</p>
        <video ref={video} class="player-video" data-testid="player-video" src={file} controls playsInline preload="metadata"
          onError={() => setProblem((known) => known ?? t('recording.broken'))} onTimeUpdate={(event) => setAt(event.currentTarget.currentTime * 1000)} />
        {problem !== null && <p class="form-error" role="alert">{problem}</p>}
        {about !== null && <Chapters chapters={about.chapters} durationMs={about.durationMs} atMs={at} seek={seek} />}
        <a class="button button-plain" href={`${file}&download=1`} download data-testid="player-download">
          <DownloadIcon />{t('recording.download')}
        </a>
      </section>
    </PageFrame>
  );
}

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { filePath } from '../../chat/recordingCard.ts';
import { t } from '../i18n/language.ts';
import { DownloadIcon } from '../parts/icons.tsx';
import { PageFrame } from '../parts/PageFrame.tsx';
import { useTitle } from '../parts/useTitle.ts';

interface PlayerPageProps {
  recordingId: string;
  /** The link's `expires` and `signature`, kept behind `#` so that they stay out of logs. */
  hash: string;
}

export function PlayerPage({ recordingId, hash }: PlayerPageProps): JSX.Element {
  useTitle(t('recording.page'));
  const file = filePath(recordingId, hash.replace(/^#/, ''));
  const [broken, setBroken] = useState(false);

  return (
    <PageFrame>
      <section class="player">
        <h1>{t('recording.page')}</h1>
        {file === null
          ? <p class="form-error" role="alert">{t('recording.badLink')}</p>
          : (
            <>
              <video class="player-video" data-testid="player-video" src={file} controls playsInline preload="metadata"
                onError={() => setBroken(true)} />
              {broken && <p class="form-error" role="alert">{t('recording.broken')}</p>}
              <a class="button button-plain" href={`${file}&download=1`} download data-testid="player-download">
                <DownloadIcon />{t('recording.download')}
              </a>
            </>
          )}
      </section>
    </PageFrame>
  );
}

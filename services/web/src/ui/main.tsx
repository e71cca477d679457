import { render } from 'preact';
import type { JSX } from 'preact';
import './styles/index.css';
import { registerServiceWorker } from '../pwa/register.ts';
import { finishRecordings } from '../recording/unfinishedRecordings.ts';
import { t } from './i18n/language.ts';
import { HomePage } from './pages/HomePage.tsx';
import { JoinPage } from './pages/JoinPage.tsx';
import { NotFoundPage } from './pages/NotFoundPage.tsx';
import { Announcements } from './parts/Announcements.tsx';
import { lazy } from './parts/lazy.tsx';
import { Offline } from './parts/Offline.tsx';
import { usePageFocus } from './parts/usePageFocus.ts';
import { Toasts } from './parts/Toasts.tsx';
import { address, navigate } from './router.ts';
import { toast } from './toasts.ts';

const RecordingsPage = lazy(async () => (await import('./pages/RecordingsPage.tsx')).RecordingsPage, () => navigate('/'));
const PlayerPage = lazy(async () => (await import('./pages/PlayerPage.tsx')).PlayerPage, () => navigate('/'));

function App(): JSX.Element {
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById('content')?.focus(); }}>{t('app.skip')}</a>
      <Page />
      <Offline />
      <Toasts />
      <Announcements />
    </>
  );
}

function Page(): JSX.Element {
  const { path, hash } = address.value;
  usePageFocus(path);
  if (path === '/') return <HomePage />;
  if (path === '/join') return <JoinPage key={hash} hash={hash} />;
  if (/^\/recordings\/?$/.test(path)) return <RecordingsPage />;
  const recording = /^\/recordings\/([^/]+)$/.exec(path)?.[1];
  if (recording !== undefined) return <PlayerPage recordingId={recording} hash={hash} />;
  return <NotFoundPage />;
}

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
void finishRecordings((recording) => toast(t('recording.finished', { title: recording.title })));
registerServiceWorker();

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { library, recordingStates, type KeptRecording, type RecordingState } from '../../api/library.ts';
import { codeOf } from '../../api/problem.ts';
import { account, loadAccount } from '../account.ts';
import { errorText, t } from '../i18n/language.ts';
import { Button } from '../parts/Button.tsx';
import { Field } from '../parts/Field.tsx';
import { PageFrame } from '../parts/PageFrame.tsx';
import { Segments } from '../parts/Segments.tsx';
import { useTitle } from '../parts/useTitle.ts';
import { RecordingRow } from './RecordingRow.tsx';
import { SignIn } from './SignIn.tsx';

/** While one types, the server is asked once one pauses. */
const searchDelayMs = 250;
/** What is shown before one has to ask for more, and how often the server is asked for it at most. */
const enough = 20;
const mostPages = 5;

/** `/recordings`: what the organizer's meetings left behind. */
export function RecordingsPage(): JSX.Element {
  useTitle(t('records.title'));
  useEffect(() => void loadAccount(), []);
  return (
    <PageFrame>
      {account.value === null
        ? <section class="card home-card narrow"><SignIn /></section>
        : <section class="records"><h1>{t('records.title')}</h1>{account.value !== undefined && <RecordingList />}</section>}
    </PageFrame>
  );
}

function RecordingList(): JSX.Element {
  const [search, setSearch] = useState('');
  const [state, setState] = useState<RecordingState | ''>('');
  const { recordings, cursor, problem, busy, more, changed, removed } = useRecordings(search, state);
  return (
    <>
      <search class="records-search">
        <Field label={t('records.search')} value={search} onInput={setSearch} testId="records-search" autocomplete="off" maxLength={120} />
        <Segments label={t('records.state')} values={['', ...recordingStates]} chosen={state} testId="records-state"
          text={(one) => t(one === '' ? 'records.all' : `records.state.${one}`)} choose={setState} />
      </search>
      {problem !== null && <p class="form-error" role="alert">{errorText(problem)}</p>}
      <p class="hint" role="status" data-testid="records-count">{busy ? t('records.loading') : t('records.count', { count: recordings.length })}</p>
      {!busy && problem === null && recordings.length === 0 && (
        <p class="records-empty" data-testid="records-empty">{t(search === '' && state === '' ? 'records.none' : 'records.notFound')}</p>
      )}
      <ul class="records-list">
        {recordings.map((one) => <RecordingRow key={one.recording_id} recording={one} changed={changed} removed={() => removed(one.recording_id)} />)}
      </ul>
      {cursor !== '' && <Button disabled={busy} testId="records-more" onClick={() => void more()}>{t('records.more')}</Button>}
    </>
  );
}

interface Recordings {
  recordings: KeptRecording[];
  cursor: string;
  problem: string | null;
  busy: boolean;
  more: () => Promise<void>;
  changed: (recording: KeptRecording) => void;
  removed: (id: string) => void;
}

function useRecordings(search: string, state: RecordingState | ''): Recordings {
  const [recordings, setRecordings] = useState<KeptRecording[]>([]);
  const [cursor, setCursor] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(true);
  /** Answers to an earlier question come to nothing. */
  const asked = useRef(0);

  const load = async (from: string): Promise<void> => {
    const question = ++asked.current;
    setBusy(true);
    setProblem(null);
    try {
      let next = from;
      const found: KeptRecording[] = [];
      // A page may hold few, or none, and still not be the last.
      for (let pages = 0; pages < mostPages && found.length < enough && (pages === 0 || next !== ''); pages++) {
        const page = await library.list({ search: search.trim(), state, cursor: next });
        if (question !== asked.current) return;
        found.push(...page.recordings);
        next = page.cursor ?? '';
      }
      setRecordings((known) => from === '' ? found : [...known, ...found]);
      setCursor(next);
    } catch (error) {
      if (question !== asked.current) return;
      const code = codeOf(error);
      if (code === 'not_signed_in') account.value = null;
      setProblem(code);
    }
    setBusy(false);
  };

  useEffect(() => {
    const timer = setTimeout(() => void load(''), search === '' ? 0 : searchDelayMs);
    return () => clearTimeout(timer);
  }, [search, state]);

  return {
    recordings, cursor, problem, busy,
    more: () => load(cursor),
    changed: (recording) => setRecordings((known) => known.map((one) => one.recording_id === recording.recording_id ? recording : one)),
    removed: (id) => setRecordings((known) => known.filter((one) => one.recording_id !== id)),
  };
}

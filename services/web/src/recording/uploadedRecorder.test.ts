import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../api/problem.ts';
import { UploadedRecorder } from './uploadedRecorder.ts';

/** A recorder that hands over what the test says. */
class FakeRecorder {
  static last: FakeRecorder;
  static readonly isTypeSupported = (): boolean => true;
  state: RecordingState = 'inactive';
  ondataavailable: (event: { data: Blob }) => void = () => undefined;
  onstop: () => void = () => undefined;

  constructor() {
    FakeRecorder.last = this;
  }

  start(): void {
    this.state = 'recording';
  }

  hand(text: string): void {
    this.ondataavailable({ data: new Blob([text]) });
  }

  /** As after an error, or by order: the rest comes, and then the end. */
  stop(): void {
    this.state = 'inactive';
    queueMicrotask(() => {
      this.hand('rest');
      this.onstop();
    });
  }
}

/** One folder of an origin-private file system, whose disk has room for `room` bytes. */
class FakeFolder {
  readonly files = new Map<string, Blob>();
  room = 1_000;

  readonly name = 'any';
  getDirectoryHandle = (): Promise<FakeFolder> => Promise.resolve(this);
  removeEntry = (): Promise<void> => {
    this.files.clear();
    return Promise.resolve();
  };
  keys = (): IterableIterator<string> => this.files.keys();

  getFileHandle = (name: string): Promise<unknown> => Promise.resolve({
    getFile: () => Promise.resolve(this.files.get(name) ?? new Blob()),
    createWritable: () => Promise.resolve({
      write: (content: Blob) => {
        this.room -= content.size;
        if (this.room < 0) throw new DOMException('full', 'QuotaExceededError');
        this.files.set(name, content);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    }),
  });
}

describe('uploaded recorder', () => {
  let folder: FakeFolder;
  let stored: string;
  let sealed: boolean;
  let refusal: number | null;
  let failures: unknown[];
  let released: number;
  let recorder: UploadedRecorder;

  const answer = async (path: string, init: RequestInit): Promise<Response> => {
    if (path.endsWith('/seal')) {
      sealed = true;
      return Response.json({ id: 'r' });
    }
    if (init.method === 'POST') return new Response(null, { status: 201, headers: { 'Upload-Key': 'k' } });
    if (refusal !== null) return Response.json({ code: 'storage_full' }, { status: refusal });
    if (init.method === 'PATCH') stored += await (init.body as Blob).text();
    return new Response(null, { status: 204, headers: { 'Upload-Offset': String(stored.length) } });
  };

  beforeEach(async () => {
    [folder, stored, sealed, refusal, failures, released] = [new FakeFolder(), '', false, null, [], 0];
    vi.stubGlobal('MediaRecorder', FakeRecorder);
    vi.stubGlobal('fetch', answer);
    vi.stubGlobal('navigator', {
      storage: { getDirectory: () => Promise.resolve(folder) },
      locks: { request: (_name: string, _options: unknown, work: (lock: object) => unknown) => Promise.resolve(work({})) },
    });
    recorder = new UploadedRecorder({
      recordingId: 'r', title: 'Weekly', token: () => Promise.resolve('t'), format: { mimeTypes: ['video/webm'], videoBitsPerSecond: 1, audioBitsPerSecond: 1 },
      release: () => released++,
      failed: (error) => failures.push(error),
    });
    await recorder.start({} as MediaStream);
  });

  afterEach(() => void vi.unstubAllGlobals());

  it('saves every chunk, the last one too, and tells of no failure', async () => {
    FakeRecorder.last.hand('one ');
    FakeRecorder.last.hand('two ');
    await recorder.stop();
    expect([stored, sealed, failures]).toEqual(['one two rest', true, []]);
  });

  it('tells at once that the disk is full, and saves what was kept before', async () => {
    FakeRecorder.last.hand('one ');
    await vi.waitFor(() => expect(stored).toBe('one '));
    folder.room = 0;
    FakeRecorder.last.hand('two ');
    await vi.waitFor(() => expect(failures).toMatchObject([{ name: 'QuotaExceededError' }]));
    expect(FakeRecorder.last.state).toBe('inactive');
    expect(released).toBeGreaterThan(0);
    await recorder.stop();
    expect([stored, sealed]).toEqual(['one ', true]);
    expect(failures).toHaveLength(1);
  });

  it('tells that the recorder ended by itself, and saves all that it handed over', async () => {
    FakeRecorder.last.hand('one ');
    FakeRecorder.last.stop();
    await vi.waitFor(() => expect(failures).toHaveLength(1));
    await recorder.stop();
    expect([stored, sealed]).toEqual(['one rest', true]);
  });

  it('tells at once that the server has no room, and not only in the end', async () => {
    refusal = 507;
    FakeRecorder.last.hand('one ');
    await vi.waitFor(() => expect(failures).toMatchObject([{ code: 'storage_full' }]));
    await expect(recorder.stop()).rejects.toBeInstanceOf(Problem);
    expect(sealed).toBe(false);
  });
});

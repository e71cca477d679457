import { rest, type Recording } from '../api/rest.ts';
import { StoredChunks } from './chunkStore.ts';
import { ChunkUploader } from './chunkUploader.ts';
import { canKeepChunks, withRecording } from './unfinishedRecordings.ts';

/** What is written: the first of the types that the browser knows, at these rates at most. */
export interface RecordedFormat {
  mimeTypes: readonly string[];
  videoBitsPerSecond: number;
  audioBitsPerSecond: number;
}

export interface UploadedRecorderOptions {
  /** As the server granted it. */
  recordingId: string;
  title: string;
  token: () => Promise<string>;
  format: RecordedFormat;
  /** Frees what the stream is made of; called whenever nothing more is recorded, be it again. */
  release: () => void;
  /** Told once, when recording ended though nobody stopped it: a full disk, a refused upload, a recorder that failed. What is there is saved by `stop`. */
  failed: (error: unknown) => void;
}

/** Chunks of this length are on the disk one by one: no more than this is lost with the page. */
const sliceMs = 1000;

/** Records a stream: each chunk is kept on the disk, uploaded from there while it runs, and sealed in the end. */
export class UploadedRecorder {
  readonly #options: UploadedRecorderOptions;
  #recorder: MediaRecorder | undefined;
  /** The recorder has handed over its last chunk. */
  #stopped: Promise<void> = Promise.resolve();
  #isEnding = false;
  #chunks: StoredChunks | undefined;
  #uploader: ChunkUploader | undefined;
  #uploadKey = '';
  /** Frees the recording for other pages. */
  #unlock: () => void = () => undefined;
  #startedAt = 0;
  #recordedMs = 0;

  /** Whether this browser can write one of these types, and keep it. */
  static supports({ mimeTypes }: RecordedFormat): boolean {
    return 'MediaRecorder' in globalThis && canKeepChunks() && mimeTypes.some((type) => MediaRecorder.isTypeSupported(type));
  }

  /** How much media was handed over by the recorder so far. */
  get recordedSeconds(): number {
    return this.#recordedMs / 1000;
  }

  constructor(options: UploadedRecorderOptions) {
    this.#options = options;
  }

  /** Starts recording at once; resolves when the server knows of it. */
  async start(stream: MediaStream): Promise<void> {
    const { mimeTypes, ...rates } = this.#options.format;
    const mimeType = mimeTypes.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, { ...(mimeType === undefined ? {} : { mimeType }), ...rates });
    this.#recorder = recorder;
    const chunks = await this.#open();
    this.#chunks = chunks;
    recorder.ondataavailable = ({ data }) => {
      if (data.size === 0) return;
      this.#recordedMs = performance.now() - this.#startedAt;
      chunks.append(data).then(() => this.#uploader?.push()).catch((error: unknown) => this.#fail(error));
    };
    this.#stopped = new Promise((resolve) => {
      // Also after an error (W3C MediaStream Recording section 2.3).
      recorder.onstop = () => {
        resolve();
        this.#fail(new Error('the recorder stopped by itself'));
      };
    });
    this.#startedAt = performance.now();
    recorder.start(sliceMs);

    try {
      const { recordingId, title, token } = this.#options;
      this.#uploadKey = await rest.createRecording(recordingId, title, await token());
      await chunks.setNote({ recordingId, title, uploadKey: this.#uploadKey });
    } catch (error) {
      this.#isEnding = true;
      this.#release();
      await chunks.remove();
      this.#unlock();
      throw error;
    }
    this.#uploader = new ChunkUploader({ recordingId: this.#options.recordingId, uploadKey: this.#uploadKey, chunks });
    this.#uploader.push().catch((error: unknown) => this.#fail(error));
  }

  /** Stops, waits until every byte is durable, and seals. */
  async stop(): Promise<Recording> {
    this.#isEnding = true;
    this.#end();
    await this.#stopped;
    this.#release();
    try {
      // A chunk that found no room was told by `failed`: those before it are the recording.
      await this.#chunks?.kept().catch(() => undefined);
      await this.#uploader?.flush();
      const recording = await rest.sealRecording(this.#options.recordingId, this.#uploadKey);
      await this.#chunks?.remove();
      return recording;
    } finally {
      this.#unlock();
    }
  }

  /** Opens the recording's chunks, and keeps other pages from them until it is sealed or the page is gone. */
  async #open(): Promise<StoredChunks> {
    const { recordingId } = this.#options;
    const isOurs = await new Promise<boolean>((decided) => {
      void withRecording(recordingId, () => {
        decided(true);
        return new Promise<void>((resolve) => (this.#unlock = resolve));
      }).then(() => decided(false));
    });
    const chunks = isOurs ? await StoredChunks.open(recordingId) : undefined;
    // A page before this one began the recording and was killed: what it left is being finished, and takes no second beginning.
    if (chunks === undefined || chunks.size > 0) {
      this.#release();
      this.#unlock();
      throw new Error('the recording was begun by another page');
    }
    return chunks;
  }

  #fail(error: unknown): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#release();
    this.#options.failed(error);
  }

  #end(): void {
    if (this.#recorder !== undefined && this.#recorder.state !== 'inactive') this.#recorder.stop();
  }

  #release(): void {
    this.#end();
    this.#options.release();
  }
}

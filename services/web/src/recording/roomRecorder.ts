import { rest, type Recording } from '../api/rest.ts';
import { AudioMix } from './audioMix.ts';
import { StoredChunks } from './chunkStore.ts';
import { ChunkUploader } from './chunkUploader.ts';
import { canKeepChunks, withRecording } from './unfinishedRecordings.ts';
import { VideoComposer, type ComposedTile } from './videoComposer.ts';

export interface RecordedScene {
  tiles: ComposedTile[];
  sounds: MediaStreamTrack[];
}

export interface RoomRecorderOptions {
  recordingId: string;
  title: string;
  token: () => Promise<string>;
}

const mimeTypes = ['video/webm;codecs=vp8,opus', 'video/webm'];

/** Records the whole room in the organizer's browser: all sound mixed, all pictures composed, uploaded while it runs. */
export class RoomRecorder {
  readonly #options: RoomRecorderOptions;
  readonly #mix = new AudioMix();
  readonly #composer = new VideoComposer();
  #recorder: MediaRecorder | undefined;
  #chunks: StoredChunks | undefined;
  #uploader: ChunkUploader | undefined;
  #uploadKey = '';
  /** Frees the recording for other pages. */
  #unlock: () => void = () => undefined;
  #startedAt = 0;
  #recordedMs = 0;

  static get supported(): boolean {
    return 'MediaRecorder' in globalThis && canKeepChunks() && mimeTypes.some((type) => MediaRecorder.isTypeSupported(type));
  }

  /** How much media was handed over by the recorder so far. */
  get recordedSeconds(): number {
    return this.#recordedMs / 1000;
  }

  constructor(options: RoomRecorderOptions) {
    this.#options = options;
  }

  /** Starts recording at once. Each chunk is kept on the disk before it is uploaded. */
  async start(scene: RecordedScene): Promise<void> {
    this.update(scene);
    await this.#mix.start();
    const stream = new MediaStream([this.#composer.start(), this.#mix.track]);
    const mimeType = mimeTypes.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, {
      ...(mimeType === undefined ? {} : { mimeType }), videoBitsPerSecond: 1_500_000, audioBitsPerSecond: 96_000,
    });
    this.#recorder = recorder;
    const chunks = await this.#open();
    this.#chunks = chunks;
    recorder.ondataavailable = ({ data }) => {
      if (data.size === 0) return;
      this.#recordedMs = performance.now() - this.#startedAt;
      // Fails when the disk is full: the recording is then what was kept before, as `stop` finds out.
      chunks.append(data).then(() => this.#uploader?.push(), () => this.#release());
    };
    this.#startedAt = performance.now();
    recorder.start(1000);

    try {
      const { recordingId, title, token } = this.#options;
      this.#uploadKey = await rest.createRecording(recordingId, title, await token());
      await chunks.setNote({ recordingId, title, uploadKey: this.#uploadKey });
    } catch (error) {
      this.#release();
      await chunks.remove();
      this.#unlock();
      throw error;
    }
    this.#uploader = new ChunkUploader({ recordingId: this.#options.recordingId, uploadKey: this.#uploadKey, chunks });
    this.#uploader.push();
  }

  update(scene: RecordedScene): void {
    this.#composer.setTiles(scene.tiles);
    this.#mix.setSources(scene.sounds);
  }

  /** Stops, waits until every byte is durable, and seals. */
  async stop(): Promise<Recording> {
    const recorder = this.#recorder;
    if (recorder !== undefined && recorder.state !== 'inactive') {
      await new Promise<void>((resolve) => {
        recorder.onstop = () => resolve();
        recorder.stop();
      });
    }
    this.#release();
    try {
      await this.#chunks?.kept();
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

  #release(): void {
    if (this.#recorder !== undefined && this.#recorder.state !== 'inactive') this.#recorder.stop();
    this.#composer.close();
    this.#mix.close();
  }
}

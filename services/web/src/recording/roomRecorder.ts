import { rest, type Recording } from '../api/rest.ts';
import { AudioMix } from './audioMix.ts';
import { ChunkUploader } from './chunkUploader.ts';
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
  readonly #uploader: ChunkUploader;
  #recorder: MediaRecorder | undefined;
  #startedAt = 0;
  #recordedMs = 0;

  static get supported(): boolean {
    return 'MediaRecorder' in globalThis && mimeTypes.some((type) => MediaRecorder.isTypeSupported(type));
  }

  /** How much media was handed over by the recorder so far. */
  get recordedSeconds(): number {
    return this.#recordedMs / 1000;
  }

  constructor(options: RoomRecorderOptions) {
    this.#options = options;
    this.#uploader = new ChunkUploader({ recordingId: options.recordingId, token: options.token });
  }

  /** Starts recording at once; what is recorded before the server knows the recording waits in memory. */
  async start(scene: RecordedScene): Promise<void> {
    this.update(scene);
    await this.#mix.start();
    const stream = new MediaStream([this.#composer.start(), this.#mix.track]);
    const mimeType = mimeTypes.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, {
      ...(mimeType === undefined ? {} : { mimeType }), videoBitsPerSecond: 1_500_000, audioBitsPerSecond: 96_000,
    });
    this.#recorder = recorder;
    const waiting: Blob[] = [];
    let known = false;
    recorder.ondataavailable = ({ data }) => {
      if (data.size === 0) return;
      this.#recordedMs = performance.now() - this.#startedAt;
      if (known) this.#uploader.append(data);
      else waiting.push(data);
    };
    this.#startedAt = performance.now();
    recorder.start(1000);

    try {
      await rest.createRecording(this.#options.recordingId, this.#options.title, await this.#options.token());
    } catch (error) {
      this.#release();
      throw error;
    }
    known = true;
    for (const chunk of waiting) this.#uploader.append(chunk);
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
    await this.#uploader.flush();
    return rest.sealRecording(this.#options.recordingId, await this.#options.token());
  }

  #release(): void {
    if (this.#recorder !== undefined && this.#recorder.state !== 'inactive') this.#recorder.stop();
    this.#composer.close();
    this.#mix.close();
  }
}

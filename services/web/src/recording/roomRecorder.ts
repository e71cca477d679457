import type { Recording } from '../api/rest.ts';
import { AudioMix } from './audioMix.ts';
import { UploadedRecorder, type RecordedFormat, type UploadedRecorderOptions } from './uploadedRecorder.ts';
import { VideoComposer, type ComposedTile } from './videoComposer.ts';

export interface RecordedScene {
  tiles: ComposedTile[];
  sounds: MediaStreamTrack[];
}

const format: RecordedFormat = {
  mimeTypes: ['video/webm;codecs=vp8,opus', 'video/webm'], videoBitsPerSecond: 1_500_000, audioBitsPerSecond: 96_000,
};

/** Records the whole room in the organizer's browser: all sound mixed, all pictures composed, uploaded while it runs. */
export class RoomRecorder {
  readonly #mix = new AudioMix();
  readonly #composer = new VideoComposer();
  readonly #recorder: UploadedRecorder;
  #starting: Promise<void> = Promise.resolve();

  static get supported(): boolean {
    return UploadedRecorder.supports(format);
  }

  get recordedSeconds(): number {
    return this.#recorder.recordedSeconds;
  }

  constructor(options: Pick<UploadedRecorderOptions, 'recordingId' | 'title' | 'token' | 'failed'>) {
    this.#recorder = new UploadedRecorder({
      ...options, format,
      release: () => {
        this.#composer.close();
        this.#mix.close();
      },
    });
  }

  /** Starts recording as soon as the pictures are there. */
  start(scene: RecordedScene): Promise<void> {
    this.#starting = this.#begin(scene);
    return this.#starting;
  }

  update(scene: RecordedScene): void {
    this.#composer.setTiles(scene.tiles);
    this.#mix.setSources(scene.sounds);
  }

  /** Stops, once it has started; waits until every byte is durable, and seals. */
  async stop(): Promise<Recording> {
    await this.#starting;
    return await this.#recorder.stop();
  }

  async #begin(scene: RecordedScene): Promise<void> {
    this.update(scene);
    await Promise.all([this.#mix.start(), this.#composer.shown()]);
    await this.#recorder.start(new MediaStream([this.#composer.start(), this.#mix.track]));
  }
}

import type { Recording } from '../api/rest.ts';
import type { LocalTracks } from '../peer/tracks.ts';
import { AudioMix } from './audioMix.ts';
import { FollowedCamera } from './followedCamera.ts';
import { UploadedRecorder, type RecordedFormat, type UploadedRecorderOptions } from './uploadedRecorder.ts';

export type OwnTracks = Pick<LocalTracks, 'audio' | 'camera'>;

const format: RecordedFormat = {
  mimeTypes: ['video/webm;codecs=vp9,opus', 'video/webm;codecs=vp8,opus', 'video/webm'], videoBitsPerSecond: 4_000_000, audioBitsPerSecond: 128_000,
};

/**
 * Records one's own microphone and camera as they leave the devices, before any network, for those who edit afterwards; uploaded while it runs.
 * Who is muted is silent in it as well, and a camera that is off is black; devices may be changed meanwhile.
 */
export class TrackRecorder {
  readonly #sound = new AudioMix();
  readonly #picture = new FollowedCamera();
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
        this.#picture.close();
        this.#sound.close();
      },
    });
  }

  /** Starts recording at once. */
  start(tracks: OwnTracks): Promise<void> {
    this.#starting = this.#begin(tracks);
    return this.#starting;
  }

  update({ audio, camera }: OwnTracks): void {
    this.#sound.setSources(audio === null ? [] : [audio]);
    this.#picture.follow(camera);
  }

  /** Stops, once it has started; waits until every byte is durable, and seals. */
  async stop(): Promise<Recording> {
    await this.#starting;
    return await this.#recorder.stop();
  }

  async #begin(tracks: OwnTracks): Promise<void> {
    this.update(tracks);
    await this.#sound.start();
    await this.#recorder.start(new MediaStream([...this.#picture.tracks, this.#sound.track]));
  }
}

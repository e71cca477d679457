/** Chunks of this length are on the disk one by one: no more than this is lost with the page. */
const sliceMs = 1000;
const mimeTypes = ['video/webm;codecs=vp9,opus', 'video/webm;codecs=vp8,opus', 'video/webm'];
const soundTypes = ['audio/webm;codecs=opus', 'audio/webm'];

export function canRecordTracks(): boolean {
  return 'MediaRecorder' in globalThis && mimeTypes.some((type) => MediaRecorder.isTypeSupported(type));
}

/**
 * Records one's own microphone and camera as they leave the devices, before any network: for those who edit afterwards. The file stays on this
 * computer; browsers keep the parts of a growing Blob on the disk. Who is muted is silent in it as well; a device that is changed is not followed.
 */
export class TrackRecorder {
  readonly #recorder: MediaRecorder;
  readonly #parts: Blob[] = [];
  readonly #stopped: Promise<void>;

  constructor(tracks: MediaStreamTrack[]) {
    const types = tracks.some(({ kind }) => kind === 'video') ? mimeTypes : soundTypes;
    const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type));
    this.#recorder = new MediaRecorder(new MediaStream(tracks), { ...(mimeType === undefined ? {} : { mimeType }), videoBitsPerSecond: 4_000_000, audioBitsPerSecond: 128_000 });
    this.#recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) this.#parts.push(data);
    };
    this.#stopped = new Promise((resolve) => {
      this.#recorder.onstop = () => resolve();
    });
    this.#recorder.start(sliceMs);
  }

  /** Resolves with the whole file. */
  async stop(): Promise<Blob> {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    await this.#stopped;
    return new Blob(this.#parts, { type: this.#recorder.mimeType });
  }
}

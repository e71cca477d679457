/** What of "MediaStreamTrack Insertable Media Processing using Streams" (W3C) browsers of the Chromium family have, and their types lack. */
interface TrackStreams {
  MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> };
  MediaStreamTrackGenerator: new (init: { kind: 'video' }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
}

/** Black frames of this size, one a second: a recorder holds sound back until the picture has come as far. */
const blackWidth = 1280;
const blackHeight = 720;
const blackMs = 1000;

/**
 * One picture for as long as one likes, while cameras come, go and change: their frames as they are, and black while there is none. Where
 * the browser does not hand out frames, the picture is that of the camera there was first.
 */
export class FollowedCamera {
  readonly #streams = 'MediaStreamTrackGenerator' in globalThis ? (globalThis as unknown as TrackStreams) : undefined;
  readonly #generator = this.#streams === undefined ? undefined : new this.#streams.MediaStreamTrackGenerator({ kind: 'video' });
  readonly #writer = this.#generator?.writable.getWriter();
  #camera: MediaStreamTrack | null | undefined;
  #black: ReturnType<typeof setInterval> | undefined;

  /** To be recorded; one, or none where there is no camera to begin with and none can be followed. */
  get tracks(): MediaStreamTrack[] {
    const track = this.#generator ?? this.#camera;
    return track === null || track === undefined ? [] : [track];
  }

  follow(camera: MediaStreamTrack | null): void {
    if (camera === this.#camera || (this.#generator === undefined && this.#camera !== undefined)) return;
    this.#camera = camera;
    clearInterval(this.#black);
    if (this.#streams === undefined) return;
    if (camera !== null) {
      void this.#pass(camera, new this.#streams.MediaStreamTrackProcessor({ track: camera }).readable.getReader());
      return;
    }
    this.#write(blackFrame());
    this.#black = setInterval(() => this.#write(blackFrame()), blackMs);
  }

  close(): void {
    clearInterval(this.#black);
    // Whatever is passed on now is not followed any more.
    this.#camera = null;
    this.#generator?.stop();
  }

  async #pass(camera: MediaStreamTrack, frames: ReadableStreamDefaultReader<VideoFrame>): Promise<void> {
    for (let next = await frames.read(); !next.done; next = await frames.read()) {
      if (this.#camera !== camera) {
        next.value.close();
        break;
      }
      this.#write(next.value);
    }
    await frames.cancel();
  }

  /** The frame is the writer's from here on. A track that was stopped takes none. */
  #write(frame: VideoFrame): void {
    this.#writer?.write(frame).catch(() => frame.close());
  }
}

function blackFrame(): VideoFrame {
  const canvas = new OffscreenCanvas(blackWidth, blackHeight);
  canvas.getContext('2d', { alpha: false })?.fillRect(0, 0, blackWidth, blackHeight);
  return new VideoFrame(canvas, { timestamp: performance.now() * 1000 });
}

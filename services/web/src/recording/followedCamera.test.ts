import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FollowedCamera } from './followedCamera.ts';

/** A frame of a camera, which tells whether it was freed. */
interface Frame {
  from: string;
  close: () => void;
  closed: boolean;
}

function frame(from: string): Frame {
  const made: Frame = { from, closed: false, close: () => (made.closed = true) };
  return made;
}

const written: string[] = [];

class Camera {
  readonly #frames = new TransformStream<Frame, Frame>();
  readonly #writer = this.#frames.writable.getWriter();
  readonly readable = this.#frames.readable;

  gives(one: Frame): void {
    void this.#writer.write(one).catch(() => undefined);
  }
}

function track(camera: Camera): MediaStreamTrack {
  return camera as unknown as MediaStreamTrack;
}

describe('a camera that is followed', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    written.length = 0;
    vi.stubGlobal('MediaStreamTrackProcessor', class {
      readonly readable: ReadableStream<Frame>;
      constructor({ track: camera }: { track: Camera }) {
        this.readable = camera.readable;
      }
    });
    vi.stubGlobal('MediaStreamTrackGenerator', class {
      readonly writable = new WritableStream<Frame>({ write: ({ from }) => void written.push(from) });
      stop(): void {
        written.push('stopped');
      }
    });
    vi.stubGlobal('OffscreenCanvas', class {
      getContext(): null {
        return null;
      }
    });
    vi.stubGlobal('VideoFrame', class {
      readonly from = 'black';
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is black while there is none, and passes on what each one gives', async () => {
    const [first, second] = [new Camera(), new Camera()];
    const followed = new FollowedCamera();
    expect(followed.tracks).toHaveLength(1);

    followed.follow(null);
    await vi.waitFor(() => expect(written).toEqual(['black']));
    vi.advanceTimersByTime(2000);
    await vi.waitFor(() => expect(written).toEqual(['black', 'black', 'black']));

    followed.follow(track(first));
    first.gives(frame('first'));
    await vi.waitFor(() => expect(written.at(-1)).toBe('first'));
    vi.advanceTimersByTime(5000);

    followed.follow(track(second));
    second.gives(frame('second'));
    await vi.waitFor(() => expect(written).toEqual(['black', 'black', 'black', 'first', 'second']));
  });

  it('frees what a camera gives that is followed no more', async () => {
    const camera = new Camera();
    const late = frame('late');
    const followed = new FollowedCamera();
    followed.follow(track(camera));
    camera.gives(frame('camera'));
    await vi.waitFor(() => expect(written).toEqual(['camera']));

    followed.close();
    camera.gives(late);

    await vi.waitFor(() => expect(late.closed).toBe(true));
    expect(written).toEqual(['camera', 'stopped']);
  });

  it('is the first camera alone where the browser hands out no frames', () => {
    vi.stubGlobal('MediaStreamTrackGenerator', undefined);
    delete (globalThis as Partial<Record<'MediaStreamTrackGenerator', unknown>>).MediaStreamTrackGenerator;
    const [first, second] = [new Camera(), new Camera()];
    const followed = new FollowedCamera();

    followed.follow(track(first));
    followed.follow(track(second));

    expect(followed.tracks).toEqual([first]);
  });
});

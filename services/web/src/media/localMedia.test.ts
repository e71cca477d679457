import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalMedia } from './localMedia.ts';
import { screenRequest } from './screenRequest.ts';

/** A track of a device that can be pulled out. */
class FakeTrack {
  enabled = true;
  readyState = 'live';
  contentHint = '';
  onended: (() => void) | null = null;
  readonly kind: string;
  readonly label: string;

  constructor(kind: string, label: string) {
    this.kind = kind;
    this.label = label;
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.label };
  }

  getCapabilities(): MediaTrackCapabilities {
    return {};
  }

  stop(): void {
    this.readyState = 'ended';
  }
}

/** Devices by kind, the browser's favourite first. */
class FakeDevices extends EventTarget {
  microphones = ['headset', 'built-in'];
  cameras = ['webcam'];
  readonly tracks: FakeTrack[] = [];

  enumerateDevices(): Promise<unknown> {
    const list = (kind: string, ids: string[]): unknown[] => ids.map((deviceId) => ({ kind, deviceId, label: deviceId }));
    return Promise.resolve([...list('audioinput', this.microphones), ...list('videoinput', this.cameras)]);
  }

  getUserMedia({ audio, video }: MediaStreamConstraints): Promise<unknown> {
    const taken = [[audio, 'audio', this.microphones], [video, 'video', this.cameras]] as const;
    const found: FakeTrack[] = [];
    for (const [wanted, kind, devices] of taken) {
      if (wanted === undefined || typeof wanted === 'boolean') continue;
      const exact = (wanted.deviceId as { exact?: string } | undefined)?.exact;
      const id = exact === undefined ? devices[0] : devices.find((one) => one === exact);
      if (id === undefined) return Promise.reject(new DOMException('', exact === undefined ? 'NotFoundError' : 'OverconstrainedError'));
      found.push(new FakeTrack(kind, id));
    }
    this.tracks.push(...found);
    const of = (kind: string): FakeTrack[] => found.filter((track) => track.kind === kind);
    return Promise.resolve({ getTracks: () => found, getAudioTracks: () => of('audio'), getVideoTracks: () => of('video') });
  }

  pull(id: string): void {
    this.microphones = this.microphones.filter((one) => one !== id);
    this.cameras = this.cameras.filter((one) => one !== id);
    for (const track of this.tracks.filter(({ label, readyState }) => label === id && readyState === 'live')) {
      track.readyState = 'ended';
      track.onended?.();
    }
    this.dispatchEvent(new Event('devicechange'));
  }

  plugMicrophone(id: string): void {
    this.microphones.unshift(id);
    this.dispatchEvent(new Event('devicechange'));
  }
}

describe('local media', () => {
  let devices: FakeDevices;
  let media: LocalMedia;
  let told: string[];

  beforeEach(async () => {
    devices = new FakeDevices();
    vi.stubGlobal('navigator', { mediaDevices: devices });
    media = new LocalMedia();
    told = [];
    media.on('replaced', ({ kind, label }) => told.push(`${kind}: ${label}`));
    media.on('lost', (kind) => told.push(`${kind} lost`));
    await media.openBoth();
  });

  afterEach(() => vi.unstubAllGlobals());

  const microphone = (): string | undefined => media.tracks.audio?.label;
  const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

  it('takes another microphone when one is pulled out, and the first again when it is back', async () => {
    devices.pull('headset');
    await settled();
    expect(microphone()).toBe('built-in');
    devices.plugMicrophone('headset');
    await settled();
    expect(microphone()).toBe('headset');
    expect(told).toEqual(['microphone: built-in', 'microphone: headset']);
    expect(devices.tracks.filter(({ kind, readyState }) => kind === 'audio' && readyState === 'live')).toHaveLength(1);
  });

  it('keeps what was muted muted', async () => {
    await media.setMicrophone(false);
    devices.pull('headset');
    await settled();
    expect([microphone(), media.microphoneOn]).toEqual(['built-in', false]);
  });

  it('says when there is no other, and goes on without', async () => {
    devices.pull('webcam');
    await settled();
    expect(media.tracks.camera).toBeNull();
    expect(microphone()).toBe('headset');
    expect(told).toEqual(['camera lost']);
  });

  it.each([true, false])('takes the only microphone again when it is back, on as it was: %s', async (on) => {
    devices.pull('built-in');
    await media.setMicrophone(on);
    devices.pull('headset');
    await settled();
    expect(media.tracks.audio).toBeNull();
    devices.plugMicrophone('headset');
    devices.dispatchEvent(new Event('devicechange'));
    await settled();
    expect([microphone(), media.microphoneOn]).toEqual(['headset', on]);
    expect(told).toEqual(['microphone lost', 'microphone: headset']);
  });

  it('takes any other where the only one was pulled out, silent when that was asked meanwhile', async () => {
    devices.pull('built-in');
    devices.pull('headset');
    await settled();
    await media.setMicrophone(false);
    devices.plugMicrophone('third');
    await settled();
    expect([microphone(), media.microphoneOn]).toEqual(['third', false]);
  });

  it('leaves a camera off that was turned off after it was pulled out', async () => {
    devices.pull('webcam');
    await settled();
    await media.setCamera(false);
    devices.cameras.push('webcam');
    devices.dispatchEvent(new Event('devicechange'));
    await settled();
    expect(media.tracks.camera).toBeNull();
  });

  it('takes another where the chosen one is gone, until that is back', async () => {
    await media.choose('microphone', 'built-in');
    await media.setCamera(false);
    await media.choose('camera', 'of last week');
    expect(await media.setCamera(true)).toBeNull();
    expect(media.tracks.camera?.label).toBe('webcam');
    devices.cameras.push('of last week');
    devices.dispatchEvent(new Event('devicechange'));
    await settled();
    expect(media.tracks.camera?.label).toBe('of last week');
    expect(microphone()).toBe('built-in');
  });

  it('keeps a microphone silent that is muted while its successor is being opened', async () => {
    devices.pull('headset');
    await media.setMicrophone(false);
    await settled();
    expect([microphone(), media.microphoneOn]).toEqual(['built-in', false]);
  });

  it('stays with what was chosen after one was pulled out', async () => {
    devices.pull('headset');
    await settled();
    await media.choose('microphone', 'built-in');
    devices.plugMicrophone('headset');
    await settled();
    expect(microphone()).toBe('built-in');
  });

  it('opens nothing for a call that has ended', async () => {
    media.close();
    devices.plugMicrophone('third');
    await settled();
    expect(devices.tracks.every(({ readyState }) => readyState === 'ended')).toBe(true);
  });
});

describe('what is asked of the screen picker', () => {
  const asked = (constraints: object): ReturnType<typeof screenRequest> =>
    screenRequest({ getSupportedConstraints: () => constraints });

  it('is the sound of the system only where the call itself can be left out of it', () => {
    expect(asked({ restrictOwnAudio: true })).toMatchObject({ systemAudio: 'include', audio: { restrictOwnAudio: true } });
    expect(asked({})).toMatchObject({ systemAudio: 'exclude' });
    expect(asked({}).audio).not.toHaveProperty('restrictOwnAudio');
  });

  it('is never this tab', () => {
    expect(asked({}).selfBrowserSurface).toBe('exclude');
  });
});

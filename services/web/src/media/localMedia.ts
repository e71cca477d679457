import { TypedEvents } from '../typedEvents.ts';
import { noTracks, trackKinds, type LocalTracks } from '../peer/tracks.ts';
import { mediaRefusal, type MediaRefusal } from './mediaError.ts';
import { screenRequest } from './screenRequest.ts';

export type DeviceKind = 'microphone' | 'camera';

const inputKinds: Record<DeviceKind, MediaDeviceKind> = { microphone: 'audioinput', camera: 'videoinput' };

/** How many lines of picture the camera is asked for; the width is that of 16:9. */
export const cameraLines = [360, 480, 720] as const;
export type CameraLines = (typeof cameraLines)[number];

export interface LocalMediaEvents {
  changed: LocalTracks;
  devices: MediaDeviceInfo[];
  /** A device was unplugged or taken away while in use, and there is no other. */
  lost: DeviceKind;
  /** Another device took the place of one that was unplugged, or of its stand-in when it came back. */
  replaced: { kind: DeviceKind; label: string };
}

/**
 * The own microphone, camera and screen. Muting keeps the microphone open and sends silence; a camera that is off is released. When a
 * device is unplugged, or a chosen one is not there, the browser's next best takes its place, muted as it was, until the chosen one is there
 * again; where there was no other, the next that comes.
 */
export class LocalMedia extends TypedEvents<LocalMediaEvents> {
  #tracks: LocalTracks = noTracks;
  #chosen: Record<DeviceKind, string | undefined> = { microphone: undefined, camera: undefined };
  #lines: CameraLines = 720;
  /** How many the camera was asked for when it was last opened or changed: a question to the user may stand longer than a wish. */
  #askedLines: CameraLines = 720;
  /** Undefined: as camera and system are set. */
  #blur: boolean | undefined;
  /** Whether the microphone is to be silent, whichever it is. */
  #muted = false;
  /** Chosen devices that were unplugged while in use, or not there when they were to be opened. */
  readonly #missing = new Map<DeviceKind, string>();
  /** Kinds that were in use until the last device of them was unplugged. */
  readonly #lost = new Set<DeviceKind>();
  #closed = false;

  constructor() {
    super();
    // Without a secure context there is no mediaDevices at all, whatever the types say.
    this.#source()?.addEventListener('devicechange', this.#devicesChanged);
  }

  get tracks(): LocalTracks {
    return this.#tracks;
  }

  get microphoneOn(): boolean {
    return this.#tracks.audio?.enabled === true;
  }

  /** Which device a kind is taken from; what was chosen, or what the browser picked. */
  deviceId(kind: DeviceKind): string {
    const track = kind === 'microphone' ? this.#tracks.audio : this.#tracks.camera;
    return track?.getSettings().deviceId ?? this.#chosen[kind] ?? '';
  }

  async devices(): Promise<MediaDeviceInfo[]> {
    const devices = await this.#source()?.enumerateDevices() ?? [];
    return devices.filter((device) => device.deviceId !== '');
  }

  /** Opens microphone and camera; each may fail on its own. Returns what was refused. */
  async openBoth(): Promise<Partial<Record<DeviceKind, MediaRefusal>>> {
    const source = this.#source();
    if (source === undefined) return { microphone: 'insecure', camera: 'insecure' };
    this.#muted = false;
    try {
      // One question to the user instead of two.
      const stream = await source.getUserMedia({ audio: this.#audio(), video: this.#video() });
      this.#take({ audio: stream.getAudioTracks()[0] ?? null, camera: stream.getVideoTracks()[0] ?? null });
      return {};
    } catch {
      const microphone = await this.setMicrophone(true);
      const camera = await this.setCamera(true);
      return { ...(microphone === null ? {} : { microphone }), ...(camera === null ? {} : { camera }) };
    }
  }

  /** Null when it was done, otherwise why not. */
  async setMicrophone(on: boolean): Promise<MediaRefusal | null> {
    this.#muted = !on;
    const current = this.#tracks.audio;
    if (current !== null && current.readyState === 'live') {
      current.enabled = on;
      this.emit('changed', this.#tracks);
      return null;
    }
    return on ? this.#open('microphone') : null;
  }

  async setCamera(on: boolean): Promise<MediaRefusal | null> {
    if (on) return this.#tracks.camera === null ? this.#open('camera') : null;
    this.#lost.delete('camera');
    this.#take({ camera: null });
    return null;
  }

  /** Switches to another device; a kind that is off only remembers the choice. */
  async choose(kind: DeviceKind, deviceId: string): Promise<MediaRefusal | null> {
    this.#chosen[kind] = deviceId;
    this.#missing.delete(kind);
    const isOpen = kind === 'microphone' ? this.#tracks.audio !== null : this.#tracks.camera !== null;
    return isOpen ? this.#open(kind) : null;
  }

  /** Asks the camera for another size of picture, now or when it is next opened. */
  async setLines(lines: CameraLines): Promise<void> {
    this.#lines = lines;
    await this.#constrainCamera();
  }

  /** Whether the camera in use, or the system, can blur what is behind its owner (W3C mediacapture-extensions). */
  get canBlur(): boolean {
    const camera = this.#tracks.camera;
    const offered = camera === null ? undefined : camera.getCapabilities().backgroundBlur;
    return offered?.includes(true) === true && offered.includes(false);
  }

  /** Blurs what is behind oneself as long as the camera in use can. */
  async setBlur(on: boolean): Promise<void> {
    this.#blur = on;
    await this.#constrainCamera();
  }

  /** Shares a screen, window or tab, and what it plays where the browser can capture that without the call's own voices. */
  async shareScreen(): Promise<MediaRefusal | null> {
    const source = this.#source();
    if (source === undefined || !('getDisplayMedia' in source)) return 'unavailable';
    try {
      const stream = await source.getDisplayMedia(screenRequest(source));
      const [screen, screenSound] = [stream.getVideoTracks()[0] ?? null, stream.getAudioTracks()[0] ?? null];
      if (screen !== null) screen.contentHint = 'detail';
      if (screenSound !== null) screenSound.contentHint = 'music';
      this.#take({ screen, screenSound });
      return null;
    } catch (error) {
      return mediaRefusal(error, 'screen');
    }
  }

  stopSharing(): void {
    this.#take({ screen: null, screenSound: null });
  }

  close(): void {
    this.#closed = true;
    this.#source()?.removeEventListener('devicechange', this.#devicesChanged);
    this.#take(noTracks);
  }

  async #open(kind: DeviceKind): Promise<MediaRefusal | null> {
    const source = this.#source();
    if (source === undefined) return 'insecure';
    try {
      const stream = await source.getUserMedia(kind === 'microphone' ? { audio: this.#audio() } : { video: this.#video() });
      const track = stream.getTracks()[0] ?? null;
      if (track !== null && kind === 'microphone') track.enabled = !this.#muted;
      this.#lost.delete(kind);
      this.#take(kind === 'microphone' ? { audio: track } : { camera: track });
      return null;
    } catch (error) {
      const refused = mediaRefusal(error);
      const chosen = this.#chosen[kind];
      if (refused !== 'no_device' || chosen === undefined) return refused;
      this.#missing.set(kind, chosen);
      this.#chosen[kind] = undefined;
      return this.#open(kind);
    }
  }

  /** Puts new tracks in place and stops those they replace, so that no light stays on. */
  #take(next: Partial<LocalTracks>): void {
    if (this.#closed) for (const track of Object.values(next)) track?.stop();
    const previous = this.#tracks;
    this.#tracks = this.#closed ? noTracks : { ...previous, ...next };
    for (const kind of trackKinds) {
      const old = previous[kind];
      if (old !== null && old !== this.#tracks[kind]) {
        old.onended = null;
        old.stop();
      }
      const track = this.#tracks[kind];
      if (track !== null) track.onended = () => this.#ended(kind);
    }
    this.emit('changed', this.#tracks);
    if (next.camera && this.#askedLines !== this.#lines) void this.#constrainCamera();
    if (next.audio !== undefined || next.camera !== undefined) void this.#tellDevices();
  }

  /** The browser's own "stop sharing", an unplugged device, or a permission that was withdrawn. */
  #ended(kind: keyof LocalTracks): void {
    if (kind === 'audio') void this.#replace('microphone');
    else if (kind === 'camera') void this.#replace('camera');
    else if (kind === 'screen') this.stopSharing();
    else this.#take({ [kind]: null });
  }

  async #replace(kind: DeviceKind): Promise<void> {
    const missing = this.deviceId(kind);
    // The system's default follows its devices by itself.
    if (missing !== '' && missing !== 'default' && !this.#missing.has(kind)) this.#missing.set(kind, missing);
    this.#chosen[kind] = undefined;
    const refused = await this.#open(kind);
    if (refused === null) {
      this.#tellReplaced(kind);
    } else {
      if (refused !== 'blocked') this.#lost.add(kind);
      this.#take(kind === 'microphone' ? { audio: null } : { camera: null });
      this.emit('lost', kind);
    }
  }

  async #tellDevices(): Promise<MediaDeviceInfo[]> {
    const devices = this.#closed ? [] : await this.devices();
    if (!this.#closed) this.emit('devices', devices);
    return devices;
  }

  readonly #devicesChanged = async (): Promise<void> => {
    const devices = await this.#tellDevices();
    for (const [kind, deviceId] of this.#missing) {
      if (!devices.some((device) => device.deviceId === deviceId)) continue;
      if (await this.choose(kind, deviceId) === null) this.#tellReplaced(kind);
    }
    for (const kind of [...this.#lost]) {
      if (!devices.some((device) => device.kind === inputKinds[kind])) continue;
      // One that is plugged in is often told more than once.
      this.#lost.delete(kind);
      if (await this.#open(kind) === null) this.#tellReplaced(kind);
      else this.#lost.add(kind);
    }
  };

  #tellReplaced(kind: DeviceKind): void {
    const track = kind === 'microphone' ? this.#tracks.audio : this.#tracks.camera;
    if (track !== null) this.emit('replaced', { kind, label: track.label });
  }

  #source(): MediaDevices | undefined {
    return (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
  }

  #audio(): MediaTrackConstraints {
    return { ...from(this.#chosen.microphone), echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  }

  #video(): MediaTrackConstraints {
    this.#askedLines = this.#lines;
    const size: MediaTrackConstraints = { width: { ideal: Math.round((this.#lines * 16) / 9) }, height: { ideal: this.#lines }, frameRate: { ideal: 25, max: 30 } };
    if (this.#blur !== undefined) size.backgroundBlur = { ideal: this.#blur };
    return { ...from(this.#chosen.camera), ...size };
  }

  /** What a camera cannot do it leaves out: these are wishes. */
  async #constrainCamera(): Promise<void> {
    await this.#tracks.camera?.applyConstraints(this.#video());
  }
}

function from(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId === undefined ? {} : { deviceId: { exact: deviceId } };
}

import { signal } from '@preact/signals';
import { watchLevel } from '../../media/levelMeter.ts';
import type { CallModel } from './callModel.ts';

/** Louder than this counts as speaking: the level of a receiver, and of the own microphone's meter. */
const remoteSpeaking = 0.02;
const ownSpeaking = 0.45;

/** Who speaks just now, looked up five times a second. */
export class Voices {
  readonly speaking = signal<ReadonlySet<string>>(new Set());
  readonly #call: CallModel;
  #stopLevel: (() => void) | undefined;
  #track: MediaStreamTrack | null = null;
  #ownLevel = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(call: CallModel) {
    this.#call = call;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), 200);
  }

  /** The microphone whose level counts. */
  watch(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#stopLevel?.();
    this.#ownLevel = 0;
    this.#track = track;
    this.#stopLevel = track === null ? undefined : watchLevel(track, (level) => (this.#ownLevel = level));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stopLevel?.();
  }

  #look(): void {
    const { room, id, microphoneOn, view } = this.#call;
    const speaking = new Set(room.links.filter((link) => link.audioLevel() > remoteSpeaking).map((link) => link.remoteId));
    view.heard(speaking);
    if (microphoneOn.value && this.#ownLevel > ownSpeaking) speaking.add(id.value);
    const before = this.speaking.value;
    if (before.size !== speaking.size || [...speaking].some((one) => !before.has(one))) this.speaking.value = speaking;
  }
}

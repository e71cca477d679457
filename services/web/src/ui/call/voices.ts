import { signal } from '@preact/signals';
import { watchLevel } from '../../media/levelMeter.ts';
import type { CallModel } from './callModel.ts';

/** Louder than this counts as speaking: the level of a receiver, and of the own microphone's meter. */
const remoteSpeaking = 0.02;
const ownSpeaking = 0.45;

const lookMs = 300;
/** Between words one speaks on: whatever shows it would flicker. */
const pauseMs = 600;

/** Who speaks just now, looked up three times a second. */
export class Voices {
  readonly speaking = signal<ReadonlySet<string>>(new Set());
  readonly #call: CallModel;
  #stopLevel: (() => void) | undefined;
  #track: MediaStreamTrack | null = null;
  #ownLevel = 0;
  /** When each was last heard, by performance.now(). */
  readonly #heardAt = new Map<string, number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(call: CallModel) {
    this.#call = call;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), lookMs);
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
    const { room, id, microphoneOn, view, participants } = this.#call;
    const now = performance.now();
    const open = new Set(participants.value.filter(({ audio }) => audio).map((one) => one.id));
    // A question to a link stops the page until the browser's media thread has a moment for it: who is muted is not asked.
    const heard = room.links.filter(({ remoteId }) => open.has(remoteId)).filter((link) => link.audioLevel() > remoteSpeaking);
    for (const { remoteId } of heard) this.#heardAt.set(remoteId, now);
    if (microphoneOn.value && this.#ownLevel > ownSpeaking) this.#heardAt.set(id.value, now);
    for (const [one, at] of this.#heardAt) if (now - at > pauseMs) this.#heardAt.delete(one);
    const speaking = new Set(this.#heardAt.keys());
    view.heard(speaking);
    const before = this.speaking.value;
    if (before.size !== speaking.size || [...speaking].some((one) => !before.has(one))) this.speaking.value = speaking;
  }
}

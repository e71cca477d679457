import { signal } from '@preact/signals';
import type { CallModel } from './callModel.ts';

/** What is offered here; others may send any emoji. */
export const gestureEmojis = ['👏', '👍', '❤️', '😂', '🎉', '😮'] as const;

/** As long as one is shown. */
const shownMs = 4_000;

/** An emoji of somebody; `number` tells apart the same one shown twice. */
export interface Gesture {
  emoji: string;
  number: number;
}

/** Emojis that people show for a moment, oneself included. */
export class Gestures {
  /** The newest of each participant. */
  readonly shown = signal<ReadonlyMap<string, Gesture>>(new Map());
  readonly #call: CallModel;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #count = 0;

  constructor(call: CallModel) {
    this.#call = call;
  }

  listen(): () => void {
    const end = this.#call.room.on('gesture', ({ id, emoji }) => this.#show(id, emoji));
    return () => {
      end();
      for (const timer of this.#timers.values()) clearTimeout(timer);
    };
  }

  make(emoji: string): void {
    this.#call.room.gesture(emoji);
    this.#show(this.#call.id.value, emoji);
  }

  #show(id: string, emoji: string): void {
    clearTimeout(this.#timers.get(id));
    this.shown.value = new Map(this.shown.value).set(id, { emoji, number: ++this.#count });
    this.#timers.set(id, setTimeout(() => {
      this.shown.value = new Map([...this.shown.value].filter(([one]) => one !== id));
    }, shownMs));
  }
}

import { computed, signal } from '@preact/signals';
import { preferences, views } from '../preferences.ts';
import type { CallModel } from './callModel.ts';
import { leadingOf, screenId, speakerAfter } from './leading.ts';

/** How one looks at the call: what is pinned, what is shown large. Nobody else is told. */
export class StageView {
  readonly pinned = signal<string | null>(null);
  /** Who spoke last, oneself not counted; stays while nobody speaks, so that the stage is at rest. */
  readonly speaker = signal<string | null>(null);
  /** Whose screens can be seen here; the own one is not among them. */
  readonly presenters = computed(() => this.#call.participants.value.filter((one) => one.screen && this.#call.remote.value.has(one.id)));
  readonly leading = computed(() => {
    const { id, participants, rules } = this.#call;
    const screens = this.presenters.value.map((one) => screenId(one.id));
    return leadingOf({
      view: preferences.view.value,
      pinned: this.pinned.value,
      focused: rules.speaker.value,
      screens,
      speaker: this.speaker.value,
      present: new Set([id.value, ...participants.value.map((one) => one.id), ...screens]),
    });
  });
  readonly #call: CallModel;

  constructor(call: CallModel) {
    this.#call = call;
  }

  togglePin(id: string): void {
    this.pinned.value = this.pinned.value === id ? null : id;
  }

  nextView(): void {
    preferences.view.value = views[(views.indexOf(preferences.view.value) + 1) % views.length] ?? 'auto';
  }

  /** Told of all who speak just now. */
  heard(speaking: ReadonlySet<string>): void {
    this.speaker.value = speakerAfter(this.speaker.value, speaking, this.#call.id.value);
  }
}

import { computed, signal } from '@preact/signals';
import type { Participant } from '../../signaling/messages.ts';

/** What a peer connection is given before it counts as blocked by a network in between. */
const patienceMs = 15_000;

export type Reach = 'fine' | 'lost' | 'blocked';

/** To whom there is a connection, and to whom none comes about. */
export class Reachability {
  readonly #connected = signal<ReadonlySet<string>>(new Set());
  /** Without a connection for longer than connections take. */
  readonly #blocked = signal<ReadonlySet<string>>(new Set());
  /** Had a connection once. */
  readonly #met = new Set<string>();
  /** Lost the gateway as well: a closed laptop, and no network in between. */
  #away: ReadonlySet<string> = new Set();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Somebody is here whom no connection ever reached: where there was one, what ended it is seldom a network that blocks calls. */
  readonly anyBlocked = computed(() => [...this.#blocked.value].some((id) => !this.#met.has(id)));

  /** Who is here now; whoever is new, or back, has as long as connections take. */
  present(participants: readonly Pick<Participant, 'id' | 'away'>[]): void {
    const known = new Set(participants.map(({ id }) => id));
    this.#away = new Set(participants.filter(({ away }) => away).map(({ id }) => id));
    for (const id of [...this.#timers.keys(), ...this.#blocked.value, ...this.#connected.value, ...this.#met]) if (!known.has(id)) this.#forget(id);
    for (const id of known) {
      if (this.#away.has(id)) this.#unblock(id);
      else if (!this.#connected.value.has(id)) this.#wait(id);
    }
  }

  changed(id: string, connected: boolean): void {
    if (connected) {
      this.#met.add(id);
      this.#connected.value = new Set(this.#connected.value).add(id);
      this.#unblock(id);
    } else {
      this.#connected.value = without(this.#connected.value, id);
      this.#wait(id);
    }
  }

  of(id: string): Reach {
    if (this.#blocked.value.has(id)) return 'blocked';
    return this.#met.has(id) && !this.#connected.value.has(id) ? 'lost' : 'fine';
  }

  close(): void {
    for (const id of [...this.#timers.keys()]) this.#stop(id);
  }

  #wait(id: string): void {
    if (this.#away.has(id) || this.#timers.has(id) || this.#blocked.value.has(id)) return;
    this.#timers.set(id, setTimeout(() => {
      this.#timers.delete(id);
      this.#blocked.value = new Set(this.#blocked.value).add(id);
    }, patienceMs));
  }

  #stop(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #unblock(id: string): void {
    this.#stop(id);
    this.#blocked.value = without(this.#blocked.value, id);
  }

  #forget(id: string): void {
    this.#unblock(id);
    this.#met.delete(id);
    this.#connected.value = without(this.#connected.value, id);
  }
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  if (!ids.has(id)) return ids;
  return new Set([...ids].filter((one) => one !== id));
}

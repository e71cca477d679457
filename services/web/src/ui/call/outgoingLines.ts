import { signal } from '@preact/signals';
import type { ErrorMessage } from '../../signaling/messages.ts';

/** A line on its way: `waiting` was refused for being too soon and goes again by itself, `failed` was never acknowledged. */
export interface OutgoingLine {
  clientId: string;
  text: string;
  state: 'sending' | 'waiting' | 'failed';
}

const patienceMs = 10_000;

/** The lines that the gateway has not acknowledged yet, in the order they were written. */
export class OutgoingLines {
  readonly lines = signal<OutgoingLine[]>([]);
  readonly #say: (line: OutgoingLine) => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(say: (line: OutgoingLine) => void) {
    this.#say = say;
  }

  add(text: string): void {
    const clientId = crypto.randomUUID();
    this.lines.value = [...this.lines.value, { clientId, text, state: 'sending' }];
    this.send(clientId);
  }

  send(clientId: string): void {
    const line = this.lines.value.find((one) => one.clientId === clientId);
    if (line === undefined) return;
    this.#set(clientId, 'sending', patienceMs, () => this.#set(clientId, 'failed'));
    this.#say(line);
  }

  acknowledged(clientId: string): void {
    clearTimeout(this.#timers.get(clientId));
    this.#timers.delete(clientId);
    this.lines.value = this.lines.value.filter((line) => line.clientId !== clientId);
  }

  /** The gateway answers in order: what it refuses is the oldest line under way. */
  refused({ code, retry_after_ms: delay = 300 }: ErrorMessage): void {
    const line = this.lines.value.find(({ state }) => state === 'sending');
    if (line === undefined) return;
    if (code === 'chat_rate') this.#set(line.clientId, 'waiting', delay + 50, () => this.send(line.clientId));
    else this.#set(line.clientId, 'failed');
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #set(clientId: string, state: OutgoingLine['state'], delayMs?: number, next?: () => void): void {
    clearTimeout(this.#timers.get(clientId));
    if (delayMs !== undefined && next !== undefined) this.#timers.set(clientId, setTimeout(next, delayMs));
    this.lines.value = this.lines.value.map((line) => (line.clientId === clientId ? { ...line, state } : line));
  }
}

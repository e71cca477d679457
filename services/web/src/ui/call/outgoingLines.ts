import { signal } from '@preact/signals';
import type { ErrorMessage } from '../../signaling/messages.ts';

/**
 * A line on its way: `late` is not acknowledged for long and goes as soon as there is a way, `waiting` was refused for being too soon and goes again
 * by itself, `failed` was refused, or lost with a session.
 */
export interface OutgoingLine {
  clientId: string;
  text: string;
  /** The message of which this is the new text; none for a new line. */
  edits?: string;
  state: 'sending' | 'late' | 'waiting' | 'failed';
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
    this.#add({ clientId: crypto.randomUUID(), text, state: 'sending' });
  }

  /** A new text for a message. */
  edit(messageId: string, text: string): void {
    for (const { clientId, edits, state } of this.lines.value) if (edits === messageId && !isUnderWay(state)) this.acknowledged(clientId);
    this.#add({ clientId: crypto.randomUUID(), text, edits: messageId, state: 'sending' });
  }

  /** The message has a new text, or none any more: that is the oldest edit of it under way. */
  changed(messageId: string): void {
    const edit = this.lines.value.find(({ edits, state }) => edits === messageId && isUnderWay(state));
    if (edit !== undefined) this.acknowledged(edit.clientId);
  }

  send(clientId: string): void {
    const line = this.lines.value.find((one) => one.clientId === clientId);
    if (line === undefined) return;
    this.#set(clientId, 'sending', patienceMs, () => this.#set(clientId, 'late'));
    this.#say(line);
  }

  /** Another session has begun: what was sent in the one before may be lost; what waited for a connection goes now. */
  begunAnew(): void {
    for (const { clientId, state } of this.lines.value) {
      if (isUnderWay(state)) this.#set(clientId, 'sending', patienceMs, () => this.#set(clientId, 'failed'));
    }
  }

  acknowledged(clientId: string): void {
    clearTimeout(this.#timers.get(clientId));
    this.#timers.delete(clientId);
    this.lines.value = this.lines.value.filter((line) => line.clientId !== clientId);
  }

  /** The gateway answers in order: what it refuses is the oldest line, or edit, under way. True when that goes again by itself. */
  refused({ code, ref, retry_after_ms: delay = 300 }: ErrorMessage): boolean {
    const line = this.lines.value.find(({ state, edits }) => isUnderWay(state) && ref === (edits === undefined ? 'chat' : 'chat_edit'));
    if (line === undefined) return false;
    if (code === 'chat_rate') {
      // What was written since for the same message must not be undone.
      if (line.edits !== undefined && this.lines.value.findLast(({ edits }) => edits === line.edits) !== line) this.acknowledged(line.clientId);
      else this.#set(line.clientId, 'waiting', delay + 50, () => this.send(line.clientId));
      return true;
    }
    // An edit of what is gone, or is somebody else's, would fail again.
    if (line.edits !== undefined && code !== 'unavailable') this.acknowledged(line.clientId);
    else this.#set(line.clientId, 'failed');
    return false;
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #add(line: OutgoingLine): void {
    this.lines.value = [...this.lines.value, line];
    this.send(line.clientId);
  }

  #set(clientId: string, state: OutgoingLine['state'], delayMs?: number, next?: () => void): void {
    clearTimeout(this.#timers.get(clientId));
    if (delayMs !== undefined && next !== undefined) this.#timers.set(clientId, setTimeout(next, delayMs));
    this.lines.value = this.lines.value.map((line) => (line.clientId === clientId ? { ...line, state } : line));
  }
}

function isUnderWay(state: OutgoingLine['state']): boolean {
  return state === 'sending' || state === 'late';
}

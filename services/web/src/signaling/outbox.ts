import type { FrameLog } from './frameLog.ts';
import type { ClientMessage } from './messages.ts';

/** Frames that go out at once after a pause, and how many a second may follow them. */
const burst = 100;
const framesPerSecond = 60;

/**
 * What waits for the way to the gateway, which takes more than 200 frames in a second for a flood and never lets such a session in again:
 * two seconds of a stalled network, which arrive as one, stay below that. Descriptions, orders and lines go first, candidates of ICE, of
 * which a room of many makes hundreds, after them; so none comes before its description.
 */
export class Outbox {
  readonly #log: FrameLog;
  /** Sent before, over a connection that took them with it; they are in the log already. */
  #again: ClientMessage[] = [];
  #first: ClientMessage[] = [];
  #candidates: ClientMessage[] = [];
  #socket: Pick<WebSocket, 'readyState' | 'send'> | undefined;
  #credit = 0;
  #creditedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(log: FrameLog) {
    this.#log = log;
  }

  /** Sends now, at its turn, or over the next connection; what is of no use late, now or not at all. */
  post(message: ClientMessage): void {
    if (isFleeting(message) && !(this.#isOpen && this.#hasCredit())) return;
    // After every welcome it is told anew.
    if (message.type === 'media_state' && !this.#isOpen) return;
    (message.type === 'candidate' ? this.#candidates : this.#first).push(message);
    this.#flush();
  }

  /** Begins a connection, with what was lost with the one before. */
  open(socket: Pick<WebSocket, 'readyState' | 'send'>, lost: ClientMessage[]): void {
    this.#socket = socket;
    this.#credit = burst;
    this.#creditedAt = performance.now();
    this.#again = lost;
    this.#flush();
  }

  /** What waits was said of peer connections that the others have closed: these are made anew, and old proofs would look like forgeries. */
  forgetDescriptions(): void {
    this.#first = this.#first.filter(({ type }) => type !== 'offer' && type !== 'answer');
    this.#candidates = [];
  }

  /** What waits goes over the next connection. */
  close(): void {
    this.#socket = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#first = this.#first.filter(({ type }) => type !== 'media_state');
  }

  get #isOpen(): boolean {
    return this.#socket?.readyState === 1;
  }

  #flush(): void {
    while (this.#isOpen && this.#timer === undefined) {
      const lane = [this.#again, this.#first, this.#candidates].find(({ length }) => length > 0);
      if (lane === undefined) return;
      if (!this.#hasCredit()) {
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          this.#flush();
        }, 1_000 / framesPerSecond);
        return;
      }
      const message = lane.shift();
      if (message === undefined) return;
      this.#credit--;
      if (lane !== this.#again) this.#log.add(message);
      this.#socket?.send(JSON.stringify(message));
    }
  }

  #hasCredit(): boolean {
    const now = performance.now();
    this.#credit = Math.min(burst, this.#credit + (now - this.#creditedAt) * framesPerSecond / 1_000);
    this.#creditedAt = now;
    return this.#credit >= 1;
  }
}

/** Late it would say what is no longer so. */
function isFleeting({ type }: ClientMessage): boolean {
  return type === 'pointer' || type === 'gesture' || type === 'quality';
}

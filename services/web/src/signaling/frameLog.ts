import type { ClientMessage, Welcome } from './messages.ts';

const countedFromServer = new Set<string>([
  'offer', 'answer', 'candidate', 'chat_broadcast', 'chat_edited', 'chat_deleted', 'reaction',
]);
const uncountedFromClient = new Set<string>(['join', 'leave', 'pointer', 'renew', 'quality']);

/** More than ever sits in buffers that a lost connection takes with it. */
const maxKept = 500;

/**
 * The counted frames of one session, over all its connections: how many came, and the last ones that were sent. A connection that is lost
 * takes with it what sat in buffers; the counts tell both sides what that was (docs/signaling-protocol.md, resume).
 */
export class FrameLog {
  #received = 0;
  #before = 0;
  #sent: ClientMessage[] = [];

  get received(): number {
    return this.#received;
  }

  /** Counts a frame of the server, also one that this client does not understand. */
  take(type: string): void {
    if (countedFromServer.has(type)) this.#received++;
  }

  add(message: ClientMessage): void {
    if (uncountedFromClient.has(message.type)) return;
    this.#sent.push(message);
    if (this.#sent.length > maxKept) {
      this.#sent.shift();
      this.#before++;
    }
  }

  /** Settles the counts with the server; what it has not got is returned, to be sent again. */
  settle(welcome: Welcome): ClientMessage[] {
    if (welcome.resumed && welcome.complete) {
      this.#sent = this.#sent.slice(Math.max(0, welcome.received - this.#before));
    } else {
      this.#received = 0;
      this.#sent = [];
    }
    this.#before = welcome.received;
    return [...this.#sent];
  }
}

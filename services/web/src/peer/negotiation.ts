import type { Payload } from '../signaling/messages.ts';
import { preferringSilence } from './voice.ts';

export type NegotiatedConnection = Pick<RTCPeerConnection,
  'signalingState' | 'remoteDescription' | 'localDescription' | 'setLocalDescription' | 'setRemoteDescription' | 'addIceCandidate'>;

export interface NegotiationOptions {
  connection: NegotiatedConnection;
  /** The polite peer takes back its own offer when both offered at once (W3C webrtc-pc, perfect negotiation). */
  polite: boolean;
  send: (type: 'offer' | 'answer', payload: Payload) => void;
  /** Runs between a remote offer and our answer: the place to attach tracks to what the offer brought. */
  beforeAnswer: () => Promise<void>;
  /** A description could not be applied; the peer connection is of no more use. */
  failed: (error: unknown) => void;
}

/** A peer that is as impolite as we are would repeat its own in answer, without end. */
const mostRepeats = 8;

/**
 * Perfect negotiation (W3C webrtc-pc section 10.7; RFC 9429) with every step in one queue: a step sees the signaling state that the
 * one before it left, so nothing has to be guarded against what happens meanwhile.
 */
export class Negotiation {
  readonly #options: NegotiationOptions;
  #queue: Promise<void> = Promise.resolve();
  /** Candidates that came before the description they belong to. */
  #early: RTCIceCandidateInit[] = [];
  #ignoringOffer = false;
  /** Number of our last offer; an answer carries the number of the offer that it answers. */
  #round = 0;
  /** How often our offer was repeated because the other side offered against it. */
  #repeats = 0;
  /** What we answered last, for an offer that is repeated because the answer may have been lost. */
  #answer: Payload | undefined;
  #closed = false;

  constructor(options: NegotiationOptions) {
    this.#options = options;
  }

  /** Offers, unless an exchange is under way: the browser asks again when that one ends and there is still something to agree on. */
  negotiate(): Promise<void> {
    return this.#enqueue(async () => {
      const { connection, send } = this.#options;
      if (connection.signalingState !== 'stable') return;
      await connection.setLocalDescription();
      this.#repeats = 0;
      send('offer', { ...describe(connection), round: ++this.#round });
    });
  }

  /** After frames were lost on the way: an offer that still waits for its answer is sent once more. */
  repeat(): Promise<void> {
    return this.#enqueue(() => {
      this.#offerAgain();
      return Promise.resolve();
    });
  }

  receiveDescription(type: 'offer' | 'answer', sdp: string, round?: unknown): Promise<void> {
    return this.#enqueue(async () => {
      const { connection, polite, send, beforeAnswer } = this.#options;
      if (type === 'answer') {
        // Late answer to an offer that was taken back, or second one to an offer that was repeated.
        if (connection.signalingState !== 'have-local-offer' || (round !== undefined && round !== this.#round)) return;
        await connection.setRemoteDescription({ type, sdp });
        await this.#addEarly();
        return;
      }

      this.#ignoringOffer = !polite && connection.signalingState !== 'stable';
      if (this.#ignoringOffer) {
        // Whoever offers against our offer may never have got it: then both would wait for ever.
        if (this.#repeats++ < mostRepeats) this.#offerAgain();
        return;
      }
      if (round !== undefined && round === this.#answer?.['round']) {
        send('answer', this.#answer);
        this.#offerAgain();
        return;
      }
      // Takes back our own offer by itself when there is one.
      await connection.setRemoteDescription({ type, sdp });
      await beforeAnswer();
      await connection.setLocalDescription();
      this.#answer = { ...describe(connection), ...(round === undefined ? {} : { round: round as number }) };
      send('answer', this.#answer);
      // Each costs a way through the browser, and the other side waits for the answer.
      await this.#addEarly();
    });
  }

  receiveCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#options.connection.remoteDescription === null) {
        // Those of an ignored offer belong to nothing that will ever be applied.
        if (!this.#ignoringOffer && this.#early.length < 200) this.#early.push(candidate);
        return;
      }
      await this.#add(candidate);
    });
  }

  /** What is queued does not run any more. */
  close(): void {
    this.#closed = true;
  }

  #offerAgain(): void {
    const { connection, send } = this.#options;
    if (connection.signalingState === 'have-local-offer') send('offer', { ...describe(connection), round: this.#round });
  }

  async #addEarly(): Promise<void> {
    const early = this.#early;
    this.#early = [];
    await Promise.all(early.map((candidate) => this.#add(candidate)));
  }

  async #add(candidate: RTCIceCandidateInit): Promise<void> {
    try {
      await this.#options.connection.addIceCandidate(candidate);
    } catch {
      // Of an ignored offer or of an earlier generation: ICE goes on with the others, and fails visibly when none is left.
    }
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      if (this.#closed) return;
      try {
        await step();
      } catch (error) {
        // Closing a connection fails the step under way; that is no failure of the negotiation.
        if (!this.#isClosed()) this.#options.failed(error);
      }
    });
    return this.#queue;
  }

  #isClosed(): boolean {
    return this.#closed || this.#options.connection.signalingState === 'closed';
  }
}

function describe(connection: NegotiatedConnection): Payload {
  const description = connection.localDescription;
  if (description === null) throw new Error('no local description after setLocalDescription');
  return { type: description.type, sdp: preferringSilence(description.sdp) };
}

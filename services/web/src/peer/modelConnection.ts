import type { NegotiatedConnection } from './negotiation.ts';

/** Small and fast random numbers that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A peer connection without media, as far as negotiation can see it (RFC 9429 section 3.5.1): the signaling states, rollback by a
 * remote offer, candidates that need a remote description, and the negotiation-needed event. Every operation takes a random while.
 */
export class ModelConnection implements NegotiatedConnection {
  signalingState: RTCSignalingState = 'stable';
  localDescription: RTCSessionDescription | null = null;
  remoteDescription: RTCSessionDescription | null = null;
  onnegotiationneeded: () => void = () => undefined;
  readonly illegal: string[] = [];
  /** What both ends agreed on last, as "offer|answer". */
  agreed = '';

  readonly #name: string;
  readonly #pause: () => Promise<void>;
  #wanted = 0;
  #offered = 0;
  #settled = 0;
  #serial = 0;

  constructor(name: string, pause: () => Promise<void>) {
    this.#name = name;
    this.#pause = pause;
  }

  /** Everything wanted so far has been part of an exchange that completed. */
  get isSettled(): boolean {
    return this.#settled === this.#wanted;
  }

  /** Something changed that the other end has to be told by an offer. */
  want(): void {
    this.#wanted++;
    if (this.signalingState === 'stable') queueMicrotask(this.onnegotiationneeded);
  }

  setLocalDescription = async (): Promise<void> => {
    await this.#pause();
    if (this.signalingState === 'stable') {
      this.signalingState = 'have-local-offer';
      this.#offered = this.#wanted;
      this.localDescription = this.#describe('offer');
    } else if (this.signalingState === 'have-remote-offer') {
      this.localDescription = this.#describe('answer');
      this.agreed = `${this.remoteDescription?.sdp ?? ''}|${this.localDescription.sdp}`;
      this.#becomeStable();
    } else {
      this.#refuse(`setLocalDescription in ${this.signalingState}`);
    }
  };

  setRemoteDescription = async (description: RTCSessionDescriptionInit): Promise<void> => {
    await this.#pause();
    const remote = { type: description.type, sdp: description.sdp ?? '' } as RTCSessionDescription;
    if (description.type === 'offer' && (this.signalingState === 'stable' || this.signalingState === 'have-local-offer')) {
      this.signalingState = 'have-remote-offer';
      this.remoteDescription = remote;
    } else if (description.type === 'answer' && this.signalingState === 'have-local-offer') {
      if (!remote.sdp.endsWith(`to ${this.localDescription?.sdp ?? ''}`)) this.#refuse('an answer to another offer');
      this.remoteDescription = remote;
      this.#settled = this.#offered;
      this.agreed = `${this.localDescription?.sdp ?? ''}|${remote.sdp}`;
      this.#becomeStable();
    } else {
      this.#refuse(`setRemoteDescription(${description.type}) in ${this.signalingState}`);
    }
  };

  addIceCandidate = async (): Promise<void> => {
    await this.#pause();
    if (this.remoteDescription === null) this.#refuse('addIceCandidate without a remote description');
  };

  #describe(type: 'offer' | 'answer'): RTCSessionDescription {
    const reply = type === 'answer' ? ` to ${this.remoteDescription?.sdp ?? ''}` : '';
    return { type, sdp: `${this.#name}${++this.#serial}${reply}` } as RTCSessionDescription;
  }

  #becomeStable(): void {
    this.signalingState = 'stable';
    if (!this.isSettled) queueMicrotask(this.onnegotiationneeded);
  }

  #refuse(what: string): never {
    this.illegal.push(`${this.#name}: ${what}`);
    throw new Error(what);
  }
}

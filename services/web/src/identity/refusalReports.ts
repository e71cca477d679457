import type { Verdict } from './verifiedRelay.ts';

type Send = (peerId: string, reason: string) => Promise<unknown>;

/** Tells operators of proofs that were refused: once for each participant and reason, and again when telling failed. */
export class RefusalReports {
  readonly #send: Send;
  readonly #told = new Set<string>();

  constructor(send: Send) {
    this.#send = send;
  }

  async judged(peerId: string, verdict: Verdict): Promise<void> {
    if (verdict.state !== 'refused') return;
    const what = `${peerId} ${verdict.reason}`;
    if (this.#told.has(what)) return;
    this.#told.add(what);
    try {
      await this.#send(peerId, verdict.reason);
    } catch {
      // Nothing is connected either way; whoever offers again is reported again.
      this.#told.delete(what);
    }
  }
}

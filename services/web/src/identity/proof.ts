import { concat, fromBase64, toBase64, type Bytes } from './bytes.ts';
import type { Certificate } from './certificate.ts';
import { isSignedBy, verifyChain, type Holder } from './trust.ts';

/** How old a proof may be: what is kept for somebody who is away comes late, and nothing comes later than this. */
export const maxAgeMs = 120_000;
/** How far the clocks of two browsers may be apart after both were set by Auth's. */
const skewMs = 5_000;
const maxNonces = 5_000;

/** Shows that the holder of a certificate said something, once and just now. */
export interface Proof {
  /** Base64 of DER each: the sender's certificate and its issuer's. */
  chain: string[];
  nonce: string;
  /** Milliseconds since 1970. */
  time: number;
  signature: string;
}

export type ProofRefusal = 'malformed' | 'certificate' | 'identity' | 'signature' | 'time' | 'replay';

export interface Signer {
  /** Base64 of DER each, the issuer's second. */
  chain: string[];
  sign: (data: Bytes) => Promise<Bytes>;
}

/** The lines that are signed, for a session, a nonce and a time. None can hold a line feed. */
export type Statement = (session: string, nonce: string, time: number) => string[];

export async function prove(statement: Statement, session: string, signer: Signer, now: number): Promise<Proof> {
  const nonce = toBase64(crypto.getRandomValues(new Uint8Array(16)));
  return { chain: signer.chain, nonce, time: now, signature: toBase64(await signer.sign(bytesOf(statement(session, nonce, now)))) };
}

/** Judges proofs, each once. */
export class ProofVerifier {
  readonly #roots: readonly Certificate[];
  readonly #now: () => number;
  /** Nonces of good proofs, with the time from which such a proof is too old anyway. */
  readonly #nonces = new Map<string, number>();

  constructor(roots: readonly Certificate[], now: () => number) {
    this.#roots = roots;
    this.#now = now;
  }

  /** The holder of the certificate, who is `sender` and has stated just this just now; or why that is not so. */
  async verify(proof: Proof | null, sender: Pick<Holder, 'tenant' | 'room' | 'participant'>, statement: Statement): Promise<Holder | ProofRefusal> {
    const signature = fromBase64(proof?.signature ?? '');
    if (proof === null || signature === null || !noncePattern.test(proof.nonce)) return 'malformed';
    const now = this.#now();
    if (proof.time > now + skewMs || proof.time < now - maxAgeMs) return 'time';
    const holder = await verifyChain(proof.chain, this.#roots, now);
    if (holder === null) return 'certificate';
    if (holder.tenant !== sender.tenant || holder.room !== sender.room || holder.participant !== sender.participant) return 'identity';
    if (!await isSignedBy(holder.key, bytesOf(statement(holder.session, proof.nonce, proof.time)), signature)) return 'signature';
    return this.#isNew(proof.nonce, now) ? holder : 'replay';
  }

  #isNew(nonce: string, now: number): boolean {
    if (this.#nonces.has(nonce)) return false;
    if (this.#nonces.size >= maxNonces) {
      for (const [old, end] of this.#nonces) if (end < now) this.#nonces.delete(old);
      // Only participants of the room get a nonce in here. Forgetting one would let it be used again.
      if (this.#nonces.size >= maxNonces) return false;
    }
    this.#nonces.set(nonce, now + maxAgeMs + skewMs);
    return true;
  }
}

const noncePattern = /^[A-Za-z0-9+/]{22}==$/;

function bytesOf(lines: string[]): Bytes {
  return concat(new TextEncoder().encode(lines.join('\n')));
}

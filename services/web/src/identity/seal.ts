import type { Payload } from '../signaling/messages.ts';
import { concat, fromBase64, toBase64, type Bytes } from './bytes.ts';
import type { Certificate } from './certificate.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { isSignedBy, verifyChain, type Holder } from './trust.ts';

/** How old a seal may be: what is kept for somebody who is away comes late, and nothing comes later than this. */
export const maxAgeMs = 120_000;
/** How far the clocks of two browsers may be apart after both were set by Auth's. */
const skewMs = 5_000;
const maxNonces = 5_000;

/** Beside `type`, `sdp` and `link` in the payload of an offer or an answer: docs/signaling-protocol.md, Signed fingerprints. */
export interface Seal {
  chain: string[];
  nonce: string;
  /** Milliseconds since 1970. */
  time: number;
  signature: string;
}

/** Between whom a description travels, as both ends know it for themselves. */
export interface Route {
  type: 'offer' | 'answer';
  room: string;
  session: string;
  sender: string;
  target: string;
}

export type SealRefusal = 'fingerprints' | 'malformed' | 'certificate' | 'identity' | 'signature' | 'time' | 'replay';

export interface Signer {
  /** Base64 of DER each, the issuer's second. */
  chain: string[];
  sign: (data: Bytes) => Promise<Bytes>;
}

/** Signs what the other end has to know before media may flow. */
export async function seal(route: Route, payload: Payload, signer: Signer, now: number): Promise<Seal | null> {
  const nonce = toBase64(crypto.getRandomValues(new Uint8Array(16)));
  const statement = statementOf(route, payload, nonce, now);
  return statement === null ? null : { chain: signer.chain, nonce, time: now, signature: toBase64(await signer.sign(statement)) };
}

/** Judges seals, each once. */
export class SealVerifier {
  readonly #roots: readonly Certificate[];
  readonly #now: () => number;
  /** Nonces of good seals, with the time from which such a seal is too old anyway. */
  readonly #nonces = new Map<string, number>();

  constructor(roots: readonly Certificate[], now: () => number) {
    this.#roots = roots;
    this.#now = now;
  }

  /** The holder of the certificate, who has sent exactly these fingerprints on exactly this way just now; or why that is not so. */
  async verify(route: Omit<Route, 'session'>, tenant: string, payload: Payload): Promise<Holder | SealRefusal> {
    if (fingerprintsOf(String(payload['sdp'])) === null) return 'fingerprints';
    const found = readSeal(payload['seal']);
    const signature = fromBase64(found?.signature ?? '');
    if (found === null || signature === null) return 'malformed';
    const now = this.#now();
    if (found.time > now + skewMs || found.time < now - maxAgeMs) return 'time';
    const holder = await verifyChain(found.chain, this.#roots, now);
    if (holder === null) return 'certificate';
    if (holder.tenant !== tenant || holder.room !== route.room || holder.participant !== route.sender) return 'identity';
    const statement = statementOf({ ...route, session: holder.session }, payload, found.nonce, found.time);
    if (statement === null || !await isSignedBy(holder.key, statement, signature)) return 'signature';
    return this.#isNew(found.nonce, now) ? holder : 'replay';
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

/** What is signed: lines, of which none can hold a line feed. Null when the payload is not one that can be signed. */
function statementOf(route: Route, payload: Payload, nonce: string, time: number): Bytes | null {
  const [fingerprints, link] = [fingerprintsOf(String(payload['sdp'])), payload['link']];
  if (fingerprints === null || payload['type'] !== route.type || typeof link !== 'string' || !/^[0-9a-f-]{36}$/.test(link)) return null;
  if (!noncePattern.test(nonce)) return null;
  const { type, room, session, sender, target } = route;
  const lines = ['clearway fingerprints 1', type, room, session, sender, target, link, nonce, String(time), ...fingerprints];
  return concat(new TextEncoder().encode(lines.join('\n')));
}

function readSeal(value: unknown): Seal | null {
  if (typeof value !== 'object' || value === null) return null;
  const { chain, nonce, time, signature } = value as Record<string, unknown>;
  if (!Array.isArray(chain) || !chain.every((one): one is string => typeof one === 'string')) return null;
  if (typeof nonce !== 'string' || typeof signature !== 'string' || !Number.isSafeInteger(time)) return null;
  return { chain, nonce, time: time as number, signature };
}

import type { Payload } from '../signaling/messages.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { prove, type Proof, type ProofRefusal, type ProofVerifier, type Signer, type Statement } from './proof.ts';
import type { Holder } from './trust.ts';

/** Between whom a description travels, as both ends know it for themselves. */
export interface Route {
  type: 'offer' | 'answer';
  room: string;
  session: string;
  sender: string;
  target: string;
}

export type SealRefusal = ProofRefusal | 'fingerprints';

/**
 * Signs what the other end has to know before media may flow: beside `type`, `sdp` and `link` in the payload of an offer or an answer
 * (docs/signaling-protocol.md, Signed fingerprints). Null when the payload is not one that can be signed.
 */
export async function seal(route: Route, payload: Payload, signer: Signer, now: number): Promise<Proof | null> {
  const statement = statementOf(route, payload);
  return statement === null ? null : prove(statement, route.session, signer, now);
}

/** The holder of the certificate, who has sent exactly these fingerprints on exactly this way just now; or why that is not so. */
export async function verifySeal(
  verifier: ProofVerifier, route: Omit<Route, 'session'>, tenant: string, payload: Payload,
): Promise<Holder | SealRefusal> {
  if (fingerprintsOf(String(payload['sdp'])) === null) return 'fingerprints';
  const found = readSeal(payload['seal']);
  if (found === null) return 'malformed';
  const statement = statementOf(route, payload);
  if (statement === null) return 'signature';
  return verifier.verify(found, { tenant, room: route.room, participant: route.sender }, statement);
}

function statementOf(route: Omit<Route, 'session'>, payload: Payload): Statement | null {
  const [fingerprints, link] = [fingerprintsOf(String(payload['sdp'])), payload['link']];
  if (fingerprints === null || payload['type'] !== route.type || typeof link !== 'string' || !/^[0-9a-f-]{36}$/.test(link)) return null;
  const { type, room, sender, target } = route;
  return (session, nonce, time) => ['clearway fingerprints 1', type, room, session, sender, target, link, nonce, String(time), ...fingerprints];
}

function readSeal(value: unknown): Proof | null {
  if (typeof value !== 'object' || value === null) return null;
  const { chain, nonce, time, signature } = value as Record<string, unknown>;
  if (!Array.isArray(chain) || !chain.every((one): one is string => typeof one === 'string')) return null;
  if (typeof nonce !== 'string' || typeof signature !== 'string' || !Number.isSafeInteger(time)) return null;
  return { chain, nonce, time: time as number, signature };
}

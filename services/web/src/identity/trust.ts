import type { Role } from '../signaling/messages.ts';
import { fromBase64, type Bytes } from './bytes.ts';
import { Oid, parseCertificate, type Certificate } from './certificate.ts';
import { DerError } from './der.ts';

/** Who a certificate says its holder is. */
export interface Holder {
  tenant: string;
  room: string;
  session: string;
  participant: string;
  /** As typed when the invitation was redeemed, and as the organization certified it. */
  name: string;
  organization: string;
  role: Role;
  key: CryptoKey;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const roles: readonly Role[] = ['organizer', 'moderator', 'participant', 'observer'];
const signature = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** The roots among the published authorities. */
export function readRoots(pem: string): Certificate[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, base64 = '']) => {
    const bytes = fromBase64(base64.replace(/\s/g, ''));
    if (bytes === null) throw new DerError('not base64');
    return parseCertificate(bytes);
  }).filter((certificate) => certificate.isAuthority && certificate.issuer === certificate.subject);
}

/**
 * The holder of the first certificate of `chain` (base64 of DER each, the issuer second) when a root vouches for it at `now`; null when
 * any signature, time or use is not as it has to be (RFC 5280 section 6, for chains of this one shape).
 */
export async function verifyChain(chain: readonly string[], roots: readonly Certificate[], now: number): Promise<Holder | null> {
  const parsed = parseChain(chain);
  if (parsed === null) return null;
  const [leaf, issuing] = parsed;
  const root = roots.find((candidate) => candidate.subject === issuing.issuer);
  if (root === undefined || ![leaf, issuing, root].every((one) => one.notBefore <= now && now < one.notAfter)) return null;
  if (!issuing.isAuthority || !issuing.signsCertificates || leaf.issuer !== issuing.subject) return null;
  if (leaf.isAuthority || !leaf.signsData || leaf.extendedKeyUsage.join() !== Oid.fingerprintSigning) return null;
  const ids = /^clearway:([a-z0-9-]{1,64})\/([a-z0-9]{12})\/(s-[a-z2-7]{16})\/(p-[a-z2-7]{16})$/.exec(leaf.uri);
  const role = roles.find((one) => one === leaf.role);
  if (ids === null || leaf.commonName === '' || role === undefined) return null;
  if (!await isIssuedBy(issuing, root) || !await isIssuedBy(leaf, issuing)) return null;
  const key = await importKey(leaf.publicKey);
  if (key === null) return null;
  const [, tenant = '', room = '', session = '', participant = ''] = ids;
  return { tenant, room, session, participant, name: leaf.commonName, organization: leaf.organization, role, key };
}

export async function isSignedBy(key: CryptoKey, data: Bytes, rAndS: Bytes): Promise<boolean> {
  return rAndS.length === 64 && crypto.subtle.verify(signature, key, rAndS, data);
}

function parseChain(chain: readonly string[]): [Certificate, Certificate] | null {
  const [first, second] = chain.map(fromBase64);
  if (chain.length !== 2 || first == null || second == null) return null;
  try {
    return [parseCertificate(first), parseCertificate(second)];
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

async function isIssuedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  const key = await importKey(issuer.publicKey);
  return key !== null && isSignedBy(key, certificate.signed, certificate.signature);
}

async function importKey(spki: Bytes): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify']);
  } catch {
    // The point is not on the curve.
    return null;
  }
}

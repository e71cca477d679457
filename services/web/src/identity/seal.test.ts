import { beforeAll, describe, expect, it } from 'vitest';
import type { Payload } from '../signaling/messages.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { maxAgeMs, ProofVerifier, type Proof } from './proof.ts';
import { seal, verifySeal, type Route, type SealRefusal } from './seal.ts';
import { newPair, TestAuthority, testNow } from './testAuthority.ts';
import { readRoots, type Holder } from './trust.ts';

const link = '0b2f1d5e-7c55-4c1b-9a51-0d7b7f1c2a33';
const ada = 'p-aaaaaaaaaaaaaaaa';
const grace = 'p-gggggggggggggggg';
const route: Route = { type: 'offer', room: 'r7k2m9qxw4tz', session: 's-abcdefghijklmnop', sender: grace, target: ada };
const hash = (byte: string): string => Array<string>(32).fill(byte).join(':');

function offer(fingerprint = hash('AB')): Payload {
  return { type: 'offer', link, sdp: `v=0\r\na=fingerprint:sha-256 ${fingerprint}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n` };
}

let authority: TestAuthority;
let pair: CryptoKeyPair;
const sign = async (data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, data));

beforeAll(async () => {
  authority = await TestAuthority.create();
  pair = await newPair();
});

async function sealed(payload = offer(), by: Route = route, at = testNow): Promise<Payload & { seal: Proof }> {
  const made = await seal(by, payload, { chain: await authority.issue(pair.publicKey, grace), sign }, at);
  if (made === null) throw new Error('not sealed');
  return { ...payload, seal: made };
}

interface Judge {
  verify: (way: Omit<Route, 'session'>, tenant: string, payload: Payload) => Promise<Holder | SealRefusal>;
}

function verifier(now = testNow): Judge {
  const proofs = new ProofVerifier(readRoots(authority.pem), () => now);
  return { verify: (way, tenant, payload) => verifySeal(proofs, way, tenant, payload) };
}

const { session: _, ...expected } = route;

describe('a seal', () => {
  it('tells who sent the fingerprints', async () => {
    expect(await verifier().verify(expected, 'default', await sealed())).toMatchObject({ participant: grace, name: 'Grace', organization: 'default' });
  });

  it('is good once', async () => {
    const [judge, payload] = [verifier(), await sealed()];
    expect(await judge.verify(expected, 'default', payload)).toMatchObject({ participant: grace });
    expect(await judge.verify(expected, 'default', payload)).toBe('replay');
  });

  it('does not survive other fingerprints', async () => {
    const payload = await sealed();
    expect(await verifier().verify(expected, 'default', { ...payload, sdp: offer(hash('CD'))['sdp'] })).toBe('signature');
    const more = String(payload['sdp']).replace('m=audio', `a=fingerprint:sha-256 ${hash('CD')}\r\nm=audio`);
    expect(await verifier().verify(expected, 'default', { ...payload, sdp: more })).toBe('signature');
  });

  it.each([
    ['none', 'v=0\r\n'],
    ['one that a browser may read otherwise', `a=fingerprint:sha-256  ${hash('AB')}`],
    ['one with a tab', `a=fingerprint:sha-256\t${hash('AB')}`],
    ['one in upper case', `A=FINGERPRINT:sha-256 ${hash('AB')}`],
    ['one too short', 'a=fingerprint:sha-256 AB:CD'],
    ['one indented beside a good one', `a=fingerprint:sha-256 ${hash('AB')}\r\n a=fingerprint:sha-256 ${hash('CD')}`],
  ])('is refused for a description with %s', async (__, sdp) => {
    expect(fingerprintsOf(sdp)).toBeNull();
    expect(await verifier().verify(expected, 'default', { ...await sealed(), sdp })).toBe('fingerprints');
  });

  it('takes the spelling of a fingerprint for nothing', async () => {
    const payload = await sealed();
    const lower = String(payload['sdp']).replace('sha-256', 'SHA-256').replace(hash('AB'), hash('ab'));
    expect(await verifier().verify(expected, 'default', { ...payload, sdp: lower })).toMatchObject({ participant: grace });
  });

  const elsewhere: [string, Partial<Route>, string][] = [
    ['another participant', { sender: ada }, 'identity'],
    ['another room', { room: 'aaaaaaaaaaaa' }, 'identity'],
    ['another target', { target: grace }, 'signature'],
    ['an answer', { type: 'answer' }, 'signature'],
  ];
  it.each(elsewhere)('is refused as that of %s', async (__, change, refusal) => {
    expect(await verifier().verify({ ...expected, ...change }, 'default', await sealed())).toBe(refusal);
  });

  it('is refused in another tenant, and for another peer connection', async () => {
    expect(await verifier().verify(expected, 'other', await sealed())).toBe('identity');
    expect(await verifier().verify(expected, 'default', { ...await sealed(), link: link.replace('0', '1') })).toBe('signature');
  });

  it('is refused when it was made by another session of the same certificate', async () => {
    expect(await verifier().verify(expected, 'default', await sealed(offer(), { ...route, session: 's-ponmlkjihgfedcba' }))).toBe('signature');
  });

  it('is refused when it is old, or from the future', async () => {
    const payload = await sealed();
    expect(await verifier(testNow + maxAgeMs + 1).verify(expected, 'default', payload)).toBe('time');
    expect(await verifier(testNow - 6_000).verify(expected, 'default', payload)).toBe('time');
    expect(await verifier(testNow + maxAgeMs).verify(expected, 'default', payload)).toMatchObject({ participant: grace });
  });

  it('is refused after the certificate has ended', async () => {
    const payload = await sealed(offer(), route, testNow + 599_000);
    expect(await verifier(testNow + 601_000).verify(expected, 'default', payload)).toBe('certificate');
  });

  it('is refused by another key than the certificate’s', async () => {
    const other = await newPair();
    const payload = await sealed();
    payload.seal.chain = await authority.issue(other.publicKey, grace);
    expect(await verifier().verify(expected, 'default', payload)).toBe('signature');
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'seal'],
    ['a chain that is none', { chain: 'x' }],
    ['a chain of numbers', { chain: [1] }],
    ['a nonce of another form', { nonce: 'AAAA\nAAAA' }],
    ['a time with a fraction', { time: 1.5 }],
    ['a time that is text', { time: String(testNow) }],
    ['a signature that is not base64', { signature: '!' }],
    ['a signature cut short', { signature: 'AAAA' }],
    ['no signature', { signature: undefined }],
  ])('is refused when it is %s', async (__, change) => {
    const payload: Payload = await sealed();
    payload['seal'] = typeof change === 'object' && change !== null ? { ...payload['seal'] as Proof, ...change } : change;
    expect(['malformed', 'signature']).toContain(await verifier().verify(expected, 'default', payload));
  });

  it('is not made for what cannot be sealed', async () => {
    const signer = { chain: [], sign };
    expect(await seal(route, { ...offer(), sdp: 'v=0' }, signer, testNow)).toBeNull();
    expect(await seal(route, { ...offer(), link: 'a\nb' }, signer, testNow)).toBeNull();
    expect(await seal(route, { ...offer(), type: 'answer' }, signer, testNow)).toBeNull();
  });
});

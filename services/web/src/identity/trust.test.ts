import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64, type Bytes } from './bytes.ts';
import { parseCertificate } from './certificate.ts';
import { der, DerError, DerReader, signatureFromDer, signatureToDer, Tag } from './der.ts';
import { SessionKey } from './sessionKey.ts';
import { extension, newPair, TestAuthority, testNow, type TestCertificate } from './testAuthority.ts';
import { readRoots, verifyChain } from './trust.ts';

const participant = 'p-abcdefghijklmnop';

describe('DER', () => {
  it.each([
    ['a long form where the short one does', [0x30, 0x81, 0x01, 0x00]],
    ['an indefinite length', [0x30, 0x80, 0x00, 0x00]],
    ['a length of three bytes', [0x30, 0x83, 0x00, 0x00, 0x00]],
    ['a length with a leading zero', [0x30, 0x82, 0x00, 0x80]],
    ['less than its length', [0x30, 0x02, 0x05]],
    ['more than its length', [0x30, 0x00, 0x00]],
    ['another tag', [0x31, 0x00]],
    ['nothing', []],
  ])('refuses %s', (_, bytes) => {
    expect(() => DerReader.sequence(Uint8Array.from(bytes)).end()).toThrow(DerError);
  });

  it.each([
    ['a negative integer', [0x80], [0x01]],
    ['an integer with a needless zero', [0x00, 0x01], [0x01]],
    ['an integer of no bytes', [], [0x01]],
    ['an integer of 33 bytes', [0x01, ...new Array<number>(32).fill(0)], [0x01]],
  ])('refuses a signature with %s', (_, r, s) => {
    expect(() => signatureFromDer(der(Tag.sequence, der(Tag.integer, Uint8Array.from(r)), der(Tag.integer, Uint8Array.from(s))))).toThrow(DerError);
  });

  it('carries signatures there and back, with leading zeros and high bits', () => {
    for (const first of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
      const signature = Uint8Array.from({ length: 64 }, (__, i) => i % 32 === 0 ? first : i);
      expect(signatureFromDer(signatureToDer(signature))).toEqual(signature);
    }
  });
});

describe('a chain', () => {
  it('of a participant names its holder', async () => {
    const { authority, pair } = await start();
    const holder = await verifyChain(await authority.issue(pair.publicKey, participant), readRoots(authority.pem), testNow);
    expect(holder).toMatchObject({
      tenant: 'default', room: 'r7k2m9qxw4tz', session: 's-abcdefghijklmnop', participant, name: 'Grace', organization: 'default', role: 'participant',
    });
  });

  const ill: [string, TestCertificate][] = [
    ['that has ended', { notAfter: testNow }],
    ['that has not begun', { notBefore: testNow + 1_000 }],
    ['of an authority', { isAuthority: true }],
    ['that may not sign data', { keyUsage: 0x04 }],
    ['of another use', { extendedKeyUsage: '2b06010505070302' }],
    ['without a name', { name: '' }],
    ['without a role', { role: '' }],
    ['with a role that there is not', { role: 'king' }],
    ['with another scheme', { uri: 'https:default/r7k2m9qxw4tz/s-abcdefghijklmnop/p-abcdefghijklmnop' }],
    ['with more in its URI', { uri: 'clearway:default/r7k2m9qxw4tz/s-abcdefghijklmnop/p-abcdefghijklmnop/x' }],
    ['with a line feed in its URI', { uri: 'clearway:default/r7k2m9qxw4tz/s-abcdefghijklmnop/p-abcdefghijklmnop\n' }],
    ['with an unknown critical extension', { further: [extension('2a0304', true, der(Tag.sequence))] }],
    ['with an extension twice', { further: [extension('551d0f', true, der(Tag.bitString, Uint8Array.of(0, 0x80)))] }],
  ];
  it.each(ill)('with a certificate %s is refused', async (_, change) => {
    const { authority, pair } = await start();
    const chain = await authority.issue(pair.publicKey, participant, change);
    expect(await verifyChain(chain, readRoots(authority.pem), testNow)).toBeNull();
  });

  it.each([
    ['has ended', { notAfter: testNow }],
    ['is none', { isAuthority: false }],
    ['may not sign certificates', { keyUsage: 0x80 }],
  ])('whose issuer %s is refused', async (_, change) => {
    const authority = await TestAuthority.create(change);
    const chain = await authority.issue((await newPair()).publicKey, participant);
    expect(await verifyChain(chain, readRoots(authority.pem), testNow)).toBeNull();
  });

  it('of an authority of the same names is refused', async () => {
    const { authority, pair } = await start();
    const stranger = await TestAuthority.create();
    const chain = await stranger.issue(pair.publicKey, participant);
    expect(await verifyChain(chain, readRoots(authority.pem), testNow)).toBeNull();
    expect(await verifyChain([chain[0] ?? '', toBase64(authority.issuing.certificate)], readRoots(authority.pem), testNow)).toBeNull();
  });

  it('in which a participant issues to another is refused', async () => {
    const { authority, pair } = await start();
    const chain = await authority.issue(pair.publicKey, participant);
    const [leaf = ''] = chain;
    expect(await verifyChain([leaf, leaf], readRoots(authority.pem), testNow)).toBeNull();
    expect(await verifyChain([leaf], readRoots(authority.pem), testNow)).toBeNull();
    expect(await verifyChain([...chain, leaf], readRoots(authority.pem), testNow)).toBeNull();
    expect(await verifyChain(['!', leaf], readRoots(authority.pem), testNow)).toBeNull();
  });

  it('damaged anywhere is refused, and in no other way', async () => {
    const { authority, pair } = await start();
    const good = await authority.issue(pair.publicKey, participant);
    const roots = readRoots(authority.pem);
    let tried = 0;
    for (const end = Date.now() + 1_500; Date.now() < end; tried++) {
      const at = tried % 2;
      const damaged = damage(fromBase64(good[at] ?? '') ?? new Uint8Array());
      const chain = good.with(at, toBase64(damaged));
      if (chain[at] === good[at]) continue;
      expect(await verifyChain(chain, roots, testNow), chain.join('\n')).toBeNull();
      try {
        parseCertificate(damaged);
      } catch (error) {
        expect(error, chain[at]).toBeInstanceOf(DerError);
      }
    }
    expect(tried).toBeGreaterThan(500);
    expect(await verifyChain(good, roots, testNow)).not.toBeNull();
  });
});

describe('the key of a session', () => {
  it('cannot be exported', async () => {
    const key = await SessionKey.create();
    expect(key.jwk).toEqual({ kty: 'EC', crv: 'P-256', x: expect.stringMatching(/^[\w-]{43}$/) as string, y: expect.stringMatching(/^[\w-]{43}$/) as string });
    expect(JSON.stringify(key)).not.toContain('"d"');
  });

  it('makes requests that OpenSSL verifies', async () => {
    const request = await (await SessionKey.create()).signingRequest();
    // Throws when the program is missing or the request is not good.
    const printed = execFileSync('openssl', ['req', '-inform', 'DER', '-verify', '-noout', '-text'], { input: fromBase64(request) ?? '', stdio: ['pipe', 'pipe', 'pipe'] });
    expect(printed.toString()).toContain('ASN1 OID: prime256v1');
  });
});

async function start(): Promise<{ authority: TestAuthority; pair: CryptoKeyPair }> {
  return { authority: await TestAuthority.create(), pair: await newPair() };
}

function damage(good: Bytes): Bytes {
  const bytes = [...good];
  const at = Math.floor(Math.random() * bytes.length);
  const kind = Math.floor(Math.random() * 5);
  if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(Math.random() * 8));
  else if (kind === 1) bytes[at] = Math.floor(Math.random() * 256);
  else if (kind === 2) bytes.splice(at, 1);
  else if (kind === 3) bytes.splice(at, 0, Math.floor(Math.random() * 256));
  else bytes.length = at;
  return Uint8Array.from(bytes);
}

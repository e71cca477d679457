import { concat, toBase64, type Bytes } from './bytes.ts';
import { der, signatureToDer, Tag } from './der.ts';

/** A certificate to be made by hand, well or ill. */
export interface TestCertificate {
  name?: string;
  organization?: string;
  role?: string;
  uri?: string;
  isAuthority?: boolean;
  keyUsage?: number;
  extendedKeyUsage?: string;
  notBefore?: number;
  notAfter?: number;
  /** Further extensions, in DER. */
  further?: Bytes[];
}

interface Authority {
  subject: Bytes;
  key: CryptoKey;
  certificate: Bytes;
}

export const testNow = Date.UTC(2026, 0, 1, 12);
const fingerprintSigning = '6982bea5958182addbbdf081ada4beb384ccbe4d';

/** An authority as Auth has one, with a root and an issuing authority, for tests: the same profile, made by other code. */
export class TestAuthority {
  readonly root: Authority;
  readonly issuing: Authority;

  private constructor(root: Authority, issuing: Authority) {
    this.root = root;
    this.issuing = issuing;
  }

  static async create(issuing: TestCertificate = {}, root: TestCertificate = {}): Promise<TestAuthority> {
    const top = await authority('Test root', null, root);
    return new TestAuthority(top, await authority('Test issuing', top, issuing));
  }

  get pem(): string {
    return [this.root, this.issuing].map(({ certificate }) => `-----BEGIN CERTIFICATE-----\n${toBase64(certificate)}\n-----END CERTIFICATE-----\n`).join('');
  }

  /** The chain of a participant, in base64. */
  async issue(publicKey: CryptoKey, participant: string, change: TestCertificate = {}): Promise<string[]> {
    const leaf = await certify(this.issuing, publicKey, {
      name: 'Grace',
      organization: 'default',
      role: 'participant',
      uri: `clearway:default/r7k2m9qxw4tz/s-abcdefghijklmnop/${participant}`,
      keyUsage: 0x80,
      extendedKeyUsage: fingerprintSigning,
      ...change,
    });
    return [toBase64(leaf), toBase64(this.issuing.certificate)];
  }
}

export function newPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
}

async function authority(name: string, issuer: Authority | null, change: TestCertificate): Promise<Authority> {
  const pair = await newPair();
  const self = { subject: distinguishedName({ name }), key: pair.privateKey, certificate: new Uint8Array() };
  const certificate = await certify(issuer ?? self, pair.publicKey, { name, isAuthority: true, keyUsage: 0x04, ...change });
  return { ...self, certificate };
}

async function certify(issuer: Authority, publicKey: CryptoKey, wanted: TestCertificate): Promise<Bytes> {
  const algorithm = der(Tag.sequence, der(Tag.oid, oid('2a8648ce3d040302')));
  const extensions = [
    extension('551d13', true, der(Tag.sequence, ...(wanted.isAuthority === true ? [der(Tag.boolean, Uint8Array.of(0xff))] : []))),
    extension('551d0f', true, der(Tag.bitString, Uint8Array.of(0, wanted.keyUsage ?? 0))),
    ...(wanted.extendedKeyUsage === undefined ? [] : [extension('551d25', true, der(Tag.sequence, der(Tag.oid, oid(wanted.extendedKeyUsage))))]),
    ...(wanted.uri === undefined ? [] : [extension('551d11', false, der(Tag.sequence, der(0x86, text(wanted.uri))))]),
    ...(wanted.further ?? []),
  ];
  const body = der(
    Tag.sequence,
    der(Tag.context(0), der(Tag.integer, Uint8Array.of(2))),
    der(Tag.integer, Uint8Array.of(0x40, 1)),
    algorithm,
    issuer.subject,
    der(Tag.sequence, utcTime(wanted.notBefore ?? testNow - 5_000), utcTime(wanted.notAfter ?? testNow + 600_000)),
    distinguishedName(wanted),
    new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)),
    der(Tag.context(3), der(Tag.sequence, ...extensions)));
  const signature = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, issuer.key, body));
  return der(Tag.sequence, body, algorithm, der(Tag.bitString, Uint8Array.of(0), signatureToDer(signature)));
}

export function extension(id: string, critical: boolean, value: Bytes): Bytes {
  return der(Tag.sequence, der(Tag.oid, oid(id)), ...(critical ? [der(Tag.boolean, Uint8Array.of(0xff))] : []), der(Tag.octetString, value));
}

function distinguishedName({ name, organization, role }: TestCertificate): Bytes {
  const attribute = (id: string, value: string): Bytes => der(Tag.set, der(Tag.sequence, der(Tag.oid, oid(id)), der(Tag.utf8String, text(value))));
  return der(
    Tag.sequence,
    ...(organization === undefined ? [] : [attribute('55040a', organization)]),
    ...(name === undefined ? [] : [attribute('550403', name)]),
    ...(role === undefined ? [] : [attribute('550448', role)]));
}

function utcTime(time: number): Bytes {
  return der(Tag.utcTime, text(`${new Date(time).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
}

function text(value: string): Bytes {
  return concat(new TextEncoder().encode(value));
}

function oid(hexadecimal: string): Bytes {
  return Uint8Array.from(hexadecimal.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

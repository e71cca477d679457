import { hex, type Bytes } from './bytes.ts';
import { DerError, DerReader, signatureFromDer, Tag } from './der.ts';

/** Object identifiers, as their bytes in hexadecimal. */
export const Oid = {
  ecdsaWithSha256: '2a8648ce3d040302',
  ecPublicKey: '2a8648ce3d0201',
  p256: '2a8648ce3d030107',
  commonName: '550403',
  organization: '55040a',
  role: '550448',
  subjectKeyId: '551d0e',
  keyUsage: '551d0f',
  alternativeNames: '551d11',
  basicConstraints: '551d13',
  authorityKeyId: '551d23',
  extendedKeyUsage: '551d25',
  /** 2.25.211540218497519427168842360325177286477: docs/rest-api.md, Certificates. */
  fingerprintSigning: '6982bea5958182addbbdf081ada4beb384ccbe4d',
} as const;

/** A certificate of X.509 version 3 (RFC 5280), as far as Clearway's authority makes them: P-256, signed by ECDSA with SHA-256. */
export interface Certificate {
  /** What the issuer signed. */
  signed: Bytes;
  /** r and s, 32 bytes each. */
  signature: Bytes;
  /** Distinguished names in hexadecimal: equal exactly when their bytes are. */
  issuer: string;
  subject: string;
  /** Milliseconds since 1970. */
  notBefore: number;
  notAfter: number;
  /** SubjectPublicKeyInfo in DER. */
  publicKey: Bytes;
  isAuthority: boolean;
  signsCertificates: boolean;
  signsData: boolean;
  extendedKeyUsage: string[];
  commonName: string;
  organization: string;
  /** X.520 section 6.5.3; empty when there is none. */
  role: string;
  /** The one URI among the alternative names; empty when there is none. */
  uri: string;
}

const maxBytes = 4_096;

/** Throws `DerError` for every certificate that is not of exactly that form. */
export function parseCertificate(bytes: Bytes): Certificate {
  if (bytes.length > maxBytes) throw new DerError('certificate is too long');
  const outer = DerReader.sequence(bytes);
  const signed = outer.read(Tag.sequence);
  algorithm(outer);
  const signature = signatureFromDer(outer.bitString());
  outer.end();

  const body = new DerReader(signed.content);
  const version = new DerReader(body.read(Tag.context(0)).content);
  if (hex(version.read(Tag.integer).content) !== '02') throw new DerError('not version 3');
  version.end();
  body.read(Tag.integer);
  algorithm(body);
  const issuer = body.read(Tag.sequence);
  const validity = body.sequence();
  const [notBefore, notAfter] = [time(validity), time(validity)];
  validity.end();
  const subject = body.read(Tag.sequence);
  const publicKey = body.read(Tag.sequence);
  checkKey(publicKey.content);
  const extensions = new DerReader(body.read(Tag.context(3)).content);
  body.end();

  const names = distinguishedName(subject.content);
  return {
    signed: signed.raw,
    signature,
    issuer: hex(issuer.content),
    subject: hex(subject.content),
    notBefore,
    notAfter,
    publicKey: publicKey.raw,
    commonName: names.get(Oid.commonName) ?? '',
    organization: names.get(Oid.organization) ?? '',
    role: names.get(Oid.role) ?? '',
    ...readExtensions(extensions),
  };
}

function algorithm(reader: DerReader): void {
  const sequence = reader.sequence();
  if (hex(sequence.read(Tag.oid).content) !== Oid.ecdsaWithSha256) throw new DerError('not signed by ECDSA with SHA-256');
  sequence.end();
}

function checkKey(content: Bytes): void {
  const reader = new DerReader(content);
  const kind = reader.sequence();
  const [key, curve] = [hex(kind.read(Tag.oid).content), hex(kind.read(Tag.oid).content)];
  kind.end();
  const point = reader.bitString();
  reader.end();
  if (key !== Oid.ecPublicKey || curve !== Oid.p256 || point.length !== 65 || point[0] !== 4) throw new DerError('not a key on P-256');
}

function time(reader: DerReader): number {
  const short = reader.next === Tag.utcTime;
  const text = ascii(reader.read(short ? Tag.utcTime : Tag.generalizedTime).content);
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (match === null || text.length !== (short ? 13 : 15)) throw new DerError('time of an unexpected form');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  // RFC 5280 section 4.1.2.5.1
  return Date.UTC(short ? year + (year < 50 ? 2000 : 1900) : year, month - 1, day, hour, minute, second);
}

function distinguishedName(content: Bytes): Map<string, string> {
  const names = new Map<string, string>();
  for (const reader = new DerReader(content); !reader.done;) {
    const set = new DerReader(reader.read(Tag.set).content);
    const attribute = set.sequence();
    set.end();
    const oid = hex(attribute.read(Tag.oid).content);
    const { content: value } = attribute.read(attribute.next === Tag.printableString ? Tag.printableString : Tag.utf8String);
    attribute.end();
    if (names.has(oid)) throw new DerError('an attribute twice in a name');
    names.set(oid, utf8(value));
  }
  return names;
}

type Extensions = Pick<Certificate, 'isAuthority' | 'signsCertificates' | 'signsData' | 'extendedKeyUsage' | 'uri'>;

function readExtensions(reader: DerReader): Extensions {
  const found: Extensions = { isAuthority: false, signsCertificates: false, signsData: false, extendedKeyUsage: [], uri: '' };
  const seen = new Set<string>();
  const list = reader.sequence();
  reader.end();
  while (!list.done) {
    const extension = list.sequence();
    const oid = hex(extension.read(Tag.oid).content);
    if (seen.has(oid)) throw new DerError('an extension twice');
    seen.add(oid);
    const critical = extension.next === Tag.boolean && isTrue(extension);
    const value = extension.read(Tag.octetString).content;
    extension.end();
    if (!readExtension(oid, value, found) && critical) throw new DerError('an unknown critical extension');
  }
  return found;
}

function readExtension(oid: string, value: Bytes, found: Extensions): boolean {
  switch (oid) {
    case Oid.basicConstraints: {
      const constraints = DerReader.sequence(value);
      found.isAuthority = constraints.next === Tag.boolean && isTrue(constraints);
      if (constraints.next === Tag.integer) constraints.read(Tag.integer);
      constraints.end();
      return true;
    }
    case Oid.keyUsage: {
      const reader = new DerReader(value);
      const { content } = reader.read(Tag.bitString);
      reader.end();
      const bits = content[1] ?? 0;
      found.signsData = (bits & 0x80) !== 0;
      found.signsCertificates = (bits & 0x04) !== 0;
      return true;
    }
    case Oid.extendedKeyUsage:
      for (const usages = DerReader.sequence(value); !usages.done;) found.extendedKeyUsage.push(hex(usages.read(Tag.oid).content));
      return true;
    case Oid.alternativeNames: {
      const names = DerReader.sequence(value);
      // GeneralName uniformResourceIdentifier, [6] IA5String
      found.uri = ascii(names.read(0x86).content);
      names.end();
      return true;
    }
    case Oid.subjectKeyId:
    case Oid.authorityKeyId:
      return true;
    default:
      return false;
  }
}

function isTrue(reader: DerReader): boolean {
  // False is the default, which DER leaves out.
  if (hex(reader.read(Tag.boolean).content) !== 'ff') throw new DerError('boolean of an unexpected form');
  return true;
}

function ascii(bytes: Bytes): string {
  if (bytes.some((byte) => byte < 0x20 || byte > 0x7e)) throw new DerError('not ASCII');
  return String.fromCharCode(...bytes);
}

function utf8(bytes: Bytes): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DerError('not UTF-8');
  }
}

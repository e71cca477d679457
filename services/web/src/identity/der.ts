import type { Bytes } from './bytes.ts';
import { concat } from './bytes.ts';

/** Tags of ITU-T X.690 that certificates of Clearway use. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** Context-specific and constructed, by number. */
  context: (number: number): number => 0xa0 + number,
} as const;

/** The bytes are not DER of the expected shape. */
export class DerError extends Error {}

export interface DerValue {
  content: Bytes;
  /** With tag and length. */
  raw: Bytes;
}

/** Reads DER (ITU-T X.690 section 10) strictly: tags of one byte, the shortest form of each length, and nothing left over. */
export class DerReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** The one sequence that these bytes are. */
  static sequence(bytes: Bytes): DerReader {
    const reader = new DerReader(bytes);
    const sequence = reader.sequence();
    reader.end();
    return sequence;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The tag that comes next; 0 at the end. */
  get next(): number {
    return this.#bytes[this.#at] ?? 0;
  }

  read(tag: number): DerValue {
    const start = this.#at;
    if (this.#byte() !== tag) throw new DerError(`tag is not ${tag}`);
    const length = this.#length();
    const from = this.#at;
    if (length > this.#bytes.length - from) throw new DerError('shorter than its length');
    this.#at = from + length;
    return { content: this.#bytes.subarray(from, this.#at), raw: this.#bytes.subarray(start, this.#at) };
  }

  sequence(): DerReader {
    return new DerReader(this.read(Tag.sequence).content);
  }

  /** Nothing may be left. */
  end(): void {
    if (!this.done) throw new DerError('bytes left over');
  }

  /** A bit string of whole bytes. */
  bitString(): Bytes {
    const { content } = this.read(Tag.bitString);
    if (content[0] !== 0) throw new DerError('bit string of odd bits');
    return content.subarray(1);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new DerError('cut short');
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 2) throw new DerError('length of an unexpected form');
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte();
    if (length < (count === 1 ? 0x80 : 0x100)) throw new DerError('length not in its shortest form');
    return length;
  }
}

/** Writes one value. */
export function der(tag: number, ...content: Uint8Array[]): Bytes {
  const body = concat(...content);
  const { length } = body;
  const header = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return concat(Uint8Array.from(header), body);
}

const coordinateBytes = 32;

/** r and s, 32 bytes each as WebCrypto has them, from ECDSA-Sig-Value (RFC 3279 section 2.2.3). */
export function signatureFromDer(bytes: Bytes): Bytes {
  const reader = DerReader.sequence(bytes);
  const [r, s] = [coordinate(reader), coordinate(reader)];
  reader.end();
  return concat(r, s);
}

/** ECDSA-Sig-Value from r and s. */
export function signatureToDer(signature: Uint8Array): Bytes {
  return der(Tag.sequence, integer(signature.subarray(0, coordinateBytes)), integer(signature.subarray(coordinateBytes)));
}

function coordinate(reader: DerReader): Bytes {
  const { content } = reader.read(Tag.integer);
  const [first = 0x80, second = 0x80] = content;
  if (first >= 0x80 || (first === 0 && content.length > 1 && second < 0x80)) throw new DerError('integer is negative or not in its shortest form');
  const bytes = first === 0 ? content.subarray(1) : content;
  if (bytes.length > coordinateBytes) throw new DerError('integer is too large');
  return concat(new Uint8Array(coordinateBytes - bytes.length), bytes);
}

function integer(bytes: Uint8Array): Bytes {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  const shortest = bytes.subarray(from);
  return der(Tag.integer, (shortest[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(), shortest);
}

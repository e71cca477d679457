import { toBase64, type Bytes } from './bytes.ts';
import { der, signatureToDer, Tag } from './der.ts';

export interface PublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
}

const ecdsaWithSha256 = Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);

/** The key pair of one session: made by this browser, and not to be exported by anybody. */
export class SessionKey {
  readonly jwk: PublicJwk;
  readonly #pair: CryptoKeyPair;
  #request: Promise<string> | undefined;

  private constructor(pair: CryptoKeyPair, jwk: PublicJwk) {
    this.#pair = pair;
    this.jwk = jwk;
  }

  static async create(): Promise<SessionKey> {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    return new SessionKey(pair, { kty: 'EC', crv: 'P-256', x, y });
  }

  /** r and s, 32 bytes each. */
  async sign(data: Bytes): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, this.#pair.privateKey, data));
  }

  /** PKCS#10 (RFC 2986) in base64: a proof that this browser has the key, without a name and without attributes; always the same. */
  signingRequest(): Promise<string> {
    return (this.#request ??= this.#signedRequest());
  }

  async #signedRequest(): Promise<string> {
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('spki', this.#pair.publicKey));
    const info = der(Tag.sequence, der(Tag.integer, Uint8Array.of(0)), der(Tag.sequence), publicKey, der(Tag.context(0)));
    const signature = signatureToDer(await this.sign(info));
    return toBase64(der(
      Tag.sequence, info, der(Tag.sequence, der(Tag.oid, ecdsaWithSha256)), der(Tag.bitString, Uint8Array.of(0), signature)));
  }
}

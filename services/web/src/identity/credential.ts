import type { Certificate } from './certificate.ts';
import { type SessionKey } from './sessionKey.ts';
import { ProofVerifier, type Signer } from './proof.ts';
import { readRoots } from './trust.ts';

export interface IssuedCertificate {
  chain: string[];
  expires_at: number;
  server_time: number;
}

export interface CredentialOptions {
  key: SessionKey;
  /** Asks Auth for a certificate, with a room token that is valid now. */
  issue: (request: string) => Promise<IssuedCertificate>;
  /** Fetches the published authorities, in PEM. */
  authorities: () => Promise<string>;
}

/** A certificate with less time left than this is renewed before it signs again: what it signs may be delivered late. */
const marginMs = 45_000;
const attempts = 5;

/** The certificate of this session, renewed for as long as it signs, and the roots by which those of others are judged. */
export class Credential {
  readonly #options: CredentialOptions;
  readonly #retryMs: number;
  #certificate: IssuedCertificate | undefined;
  #renewal: Promise<void> | undefined;
  #roots: Promise<Certificate[]> | undefined;
  #verifier: ProofVerifier | undefined;
  /** Auth's clock less this browser's. */
  #offsetMs = 0;

  constructor(options: CredentialOptions, retryMs = 2_000) {
    this.#options = options;
    this.#retryMs = retryMs;
  }

  /** By Auth's clock, as soon as it has been heard of. */
  readonly now = (): number => Date.now() + this.#offsetMs;

  /** Null when Auth gives no certificate: what is sent then is unsigned, and the others say so. */
  async signer(): Promise<Signer | null> {
    if (this.#left() < marginMs) await (this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined)));
    const certificate = this.#certificate;
    return certificate === undefined || this.#left() <= 0 ? null : { chain: certificate.chain, sign: (data) => this.#options.key.sign(data) };
  }

  /** Fetched once; asked for again after a failure. */
  roots(): Promise<Certificate[]> {
    this.#roots ??= this.#options.authorities().then(readRoots).catch((error: unknown) => {
      this.#roots = undefined;
      throw error;
    });
    return this.#roots;
  }

  /** Judges what others sign; null while the authorities cannot be fetched. */
  async verifier(): Promise<ProofVerifier | null> {
    // Heard of Auth's clock, before times are judged by it.
    await this.signer();
    try {
      const roots = await this.roots();
      return (this.#verifier ??= new ProofVerifier(roots, this.now));
    } catch {
      return null;
    }
  }

  #left(): number {
    return (this.#certificate?.expires_at ?? 0) - this.now();
  }

  async #renew(): Promise<void> {
    const request = await this.#options.key.signingRequest();
    for (let attempt = 1; attempt <= attempts; attempt++) {
      try {
        this.#certificate = await this.#options.issue(request);
        this.#offsetMs = this.#certificate.server_time - Date.now();
        return;
      } catch {
        // Auth is away or refuses. The old certificate may still be good, and without one the others show what is missing.
        if (attempt < attempts) await new Promise((resolve) => setTimeout(resolve, this.#retryMs));
      }
    }
  }
}

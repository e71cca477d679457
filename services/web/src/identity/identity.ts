import { Credential, type CredentialOptions } from './credential.ts';
import { OrderProofs } from './order.ts';
import { SessionKey, type PublicJwk } from './sessionKey.ts';
import { VerifiedRelay, type VerifiedRelayOptions } from './verifiedRelay.ts';

export type RelayEnds = Pick<VerifiedRelayOptions, 'send' | 'deliver' | 'judged'>;

/** Who one is in a session, and how the others are judged. */
export type IdentityOptions = Omit<CredentialOptions, 'key'> & Omit<VerifiedRelayOptions, 'credential' | keyof RelayEnds>;

/** The proofs of one session. */
export interface SessionIdentity {
  /** Whether what is not proven is refused. */
  required: boolean;
  orders: Pick<OrderProofs, 'prove' | 'verify'>;
  relay: (ends: RelayEnds) => Pick<VerifiedRelay, 'send' | 'receive' | 'forget' | 'confirm'>;
}

/** The proof of who one is, from before an invitation is redeemed: the key has to be there first, for the token names it. */
export class Identity {
  readonly #key: SessionKey;

  private constructor(key: SessionKey) {
    this.#key = key;
  }

  static async create(): Promise<Identity> {
    const key = await SessionKey.create();
    // Two more ways to the browser's cryptography, which after the click on "join" would wait behind the drawing of the call.
    await key.signingRequest();
    return new Identity(key);
  }

  get jwk(): PublicJwk {
    return this.#key.jwk;
  }

  open({ issue, authorities, ...session }: IdentityOptions): SessionIdentity {
    const credential = new Credential({ key: this.#key, issue, authorities });
    // Both take a while, and the first description should not wait for them.
    void credential.signer();
    void credential.roots().catch(() => undefined);
    return {
      required: session.required,
      orders: new OrderProofs({ ...session, credential }),
      relay: (ends) => new VerifiedRelay({ ...session, ...ends, credential }),
    };
  }
}

import type { OrderCommand, OrderMessage } from '../signaling/messages.ts';
import type { Credential } from './credential.ts';
import { prove, type Proof, type ProofRefusal, type Statement } from './proof.ts';
import type { Holder } from './trust.ts';

/** What is ordered; `target_id` null means all who are neither organizer nor moderator, or nobody for `RESET_SPEAKER`. */
export type Order = Pick<OrderMessage, 'command' | 'target_id' | 'locked'>;

/** A proven order: who gave it, and when by Auth's clock. */
export interface ProvenOrder extends Order {
  by: Holder;
  time: number;
}

/** Why an order is not obeyed. `role`: whoever signed it may not give it. */
export type OrderRefusal = ProofRefusal | 'role';

export interface OrderProofsOptions {
  credential: Credential;
  room: string;
  tenant: string;
  session: string;
  self: string;
}

/** Proves the orders that one gives, and judges those of others (docs/signaling-protocol.md, Signed orders). */
export class OrderProofs {
  readonly #options: OrderProofsOptions;

  constructor(options: OrderProofsOptions) {
    this.#options = options;
  }

  /** The member `proof` of a `control_frame`; undefined when Auth gives no certificate to sign with. */
  async prove(command: OrderCommand): Promise<string | undefined> {
    const { credential, room, session, self } = this.#options;
    const signer = await credential.signer();
    return signer === null ? undefined : writeProof(await prove(statementOf(orderOf(command), room, self), session, signer, credential.now()));
  }

  /** The order, when a moderator or organizer of this room gave it just now; or why it is none. */
  async verify(message: OrderMessage): Promise<ProvenOrder | OrderRefusal> {
    const { credential, room, tenant } = this.#options;
    const proof = readProof(message.proof);
    const verifier = await credential.verifier();
    if (verifier === null) return 'certificate';
    const { command, target_id, locked, by } = message;
    const order = { command, target_id, locked };
    const holder = await verifier.verify(proof, { tenant, room, participant: by }, statementOf(order, room, by));
    if (typeof holder === 'string') return holder;
    if (holder.role !== 'organizer' && holder.role !== 'moderator') return 'role';
    return { ...order, by: holder, time: proof?.time ?? 0 };
  }
}

/** As the gateway tells it to all. */
export function orderOf(command: OrderCommand): Order {
  return {
    command: command.command,
    target_id: 'target_id' in command ? command.target_id ?? null : null,
    locked: 'locked' in command ? command.locked ?? false : false,
  };
}

function statementOf({ command, target_id, locked }: Order, room: string, sender: string): Statement {
  return (session, nonce, time) =>
    ['clearway order 1', command, room, session, sender, target_id ?? '*', locked ? 'locked' : 'free', nonce, String(time)];
}

/** Certificate, issuer, nonce, time and signature with dots between them, of which base64 has none. */
function writeProof({ chain, nonce, time, signature }: Proof): string {
  return [...chain, nonce, time, signature].join('.');
}

function readProof(text: string): Proof | null {
  const [first, second, nonce, time, signature, ...more] = text.split('.');
  if (first === undefined || second === undefined || nonce === undefined || signature === undefined || more.length > 0) return null;
  return /^\d{1,15}$/.test(time ?? '') ? { chain: [first, second], nonce, time: Number(time), signature } : null;
}

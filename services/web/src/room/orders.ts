import type { SessionIdentity } from '../identity/identity.ts';
import type { OrderRefusal, ProvenOrder } from '../identity/order.ts';
import type { ClientMessage, OrderCommand, OrderMessage, Participant, Role } from '../signaling/messages.ts';
import { StandingOrders } from './standingOrders.ts';

export interface OrdersOptions {
  proofs: SessionIdentity['orders'];
  send: (frame: ClientMessage) => void;
  /** As certified where that is known. */
  roleOf: (id: string) => Role | undefined;
  /** Called when `order` stands already. */
  obey: (order: ProvenOrder, target: Participant | undefined) => void;
  refused: (by: string, reason: OrderRefusal) => void;
}

/** Proves the orders that one gives and judges those that come, one after the other, and holds to what was proven. */
export class Orders {
  readonly #options: OrdersOptions;
  readonly #standing = new StandingOrders();
  #giving: Promise<void> = Promise.resolve();
  #judging: Promise<void> = Promise.resolve();

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  give(command: OrderCommand): void {
    this.#giving = this.#giving.then(async () => {
      const proof = await this.#options.proofs.prove(command);
      this.#options.send({ type: 'control_frame', ...command, ...(proof === undefined ? {} : { proof }) });
    });
  }

  /** `target` is whom it is about, who may be gone when it is judged. */
  receive(message: OrderMessage, target: Participant | undefined): void {
    this.#judging = this.#judging.then(async () => {
      const order = await this.#options.proofs.verify(message);
      if (typeof order === 'string') return this.#options.refused(message.by, order);
      if (order.by.role === 'moderator' && order.target_id !== null && this.#options.roleOf(order.target_id) === 'organizer') {
        return this.#options.refused(message.by, 'role');
      }
      this.#standing.add(order);
      return this.#options.obey(order, target);
    });
  }

  hasKicked(id: string): boolean {
    return this.#standing.hasKicked(id);
  }

  /** The gateway may tell of further locks, and lifts none that was proven. */
  withLocks(participant: Participant): Participant {
    const { id } = participant;
    const role = this.#options.roleOf(id) ?? participant.role;
    return {
      ...participant,
      audio_locked: participant.audio_locked || this.#standing.isLocked('audio', id, role),
      video_locked: participant.video_locked || this.#standing.isLocked('video', id, role),
    };
  }
}

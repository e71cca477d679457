import type { SessionIdentity } from '../identity/identity.ts';
import type { OrderRefusal, ProvenOrder } from '../identity/order.ts';
import type { ClientMessage, MutedMedia, OrderCommand, OrderMessage, Participant, Role, ServerMessage } from '../signaling/messages.ts';
import { Turns } from '../turns.ts';
import { isAllowing, mediaOf, StandingOrders } from './standingOrders.ts';

/** What an order comes to in this browser. */
export type OrderEffect =
  | { kind: 'speaker'; id: string | null }
  | { kind: 'muted'; media: MutedMedia; locked: boolean }
  | { kind: 'allowed'; media: MutedMedia }
  | { kind: 'kicked'; participant: Participant };

/** The frames that tell of orders without a proof. */
export type AnnouncedOrder = Extract<ServerMessage, { type: 'focus_speaker' | 'reset_speaker' | 'force_mute' | 'allow_media' | 'force_kick' }>;

export interface OrdersOptions {
  /** Whether orders without a proof are none. */
  required: boolean;
  proofs: SessionIdentity['orders'];
  send: (frame: ClientMessage) => void;
  self: () => { id: string; role: Role } | undefined;
  /** As certified where that is known. */
  roleOf: (id: string) => Role | undefined;
  obey: (effect: OrderEffect) => void;
  /** Locks and kicks that hold have changed. */
  changed: () => void;
  refused: (by: string, reason: OrderRefusal) => void;
}

/** Proves the orders that one gives and judges those that come, one after the other, and holds to what was proven. */
export class Orders {
  readonly #options: OrdersOptions;
  readonly #standing = new StandingOrders();
  readonly #giving = new Turns();
  readonly #judging = new Turns();

  constructor(options: OrdersOptions) {
    this.#options = options;
  }

  /** Rejects when the order could not be proven for a reason that is nobody's refusal; it is not sent then. */
  give(command: OrderCommand): Promise<void> {
    return this.#giving.take(async () => {
      const proof = await this.#options.proofs.prove(command);
      this.#options.send({ type: 'control_frame', ...command, ...(proof === undefined ? {} : { proof }) });
    });
  }

  /** `target` is whom it is about, who may be gone when it is judged. Rejects when it could not be judged; it is not obeyed then. */
  receive(message: OrderMessage, target: Participant | undefined): Promise<void> {
    return this.#judging.take(async () => {
      const order = await this.#options.proofs.verify(message);
      if (typeof order === 'string') return this.#options.refused(message.by, order);
      if (order.by.role === 'moderator' && order.target_id !== null && this.#options.roleOf(order.target_id) === 'organizer') {
        return this.#options.refused(message.by, 'role');
      }
      this.#standing.add(order);
      return this.#obey(order, target);
    });
  }

  /** What the gateway tells of the same orders: where proofs are required it counts for nothing. */
  receiveUnproven(message: AnnouncedOrder, target: Participant | undefined): void {
    const { required, obey } = this.#options;
    if (required) return;
    switch (message.type) {
      case 'focus_speaker': return obey({ kind: 'speaker', id: message.id });
      case 'reset_speaker': return obey({ kind: 'speaker', id: null });
      case 'force_kick': return target === undefined ? undefined : obey({ kind: 'kicked', participant: target });
      case 'force_mute': return this.#concernsSelf(message.target_id) ? obey({ kind: 'muted', media: message.media, locked: message.locked }) : undefined;
      case 'allow_media': return this.#concernsSelf(message.target_id) ? obey({ kind: 'allowed', media: message.media }) : undefined;
    }
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

  #obey(order: ProvenOrder, target: Participant | undefined): void {
    const { obey, changed, required } = this.#options;
    const { command, target_id, locked } = order;
    if (command === 'KICK_PEER' && target !== undefined) obey({ kind: 'kicked', participant: target });
    changed();
    if (command === 'SET_SPEAKER' || command === 'RESET_SPEAKER') obey({ kind: 'speaker', id: target_id });
    const media = mediaOf(order);
    // Where proofs are not required the gateway's own frame follows, and has said it once.
    if (media === null || !required || !this.#concernsSelf(target_id)) return;
    obey(isAllowing(order) ? { kind: 'allowed', media } : { kind: 'muted', media, locked });
  }

  /** Orders without a target are for those who cannot give them. */
  #concernsSelf(targetId: string | null): boolean {
    const self = this.#options.self();
    if (targetId !== null) return targetId === self?.id;
    return self?.role === 'participant' || self?.role === 'observer';
  }
}

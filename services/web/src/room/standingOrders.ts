import type { ProvenOrder } from '../identity/order.ts';
import type { MutedMedia, Role } from '../signaling/messages.ts';

interface Lock {
  locked: boolean;
  time: number;
}

/**
 * The locks and kicks that were ordered with a proof. They hold whatever the gateway says afterwards, until another proven order lifts
 * them. The later order counts by when it was given, not by when it came: holding one back or swapping two changes nothing.
 */
export class StandingOrders {
  readonly #all: Record<MutedMedia, Lock> = { audio: { locked: false, time: 0 }, video: { locked: false, time: 0 } };
  readonly #of: Record<MutedMedia, Map<string, Lock>> = { audio: new Map(), video: new Map() };
  readonly #kicked = new Set<string>();

  add(order: ProvenOrder): void {
    if (order.command === 'KICK_PEER' && order.target_id !== null) this.#kicked.add(order.target_id);
    const media = mediaOf(order);
    // Muting without a lock may be undone by whom it is about: it leaves nothing standing.
    if (media === null || (!isAllowing(order) && !order.locked)) return;
    const lock = { locked: !isAllowing(order), time: order.time };
    const before = order.target_id === null ? this.#all[media] : this.#of[media].get(order.target_id);
    if (before !== undefined && before.time >= lock.time) return;
    if (order.target_id === null) this.#all[media] = lock;
    else this.#of[media].set(order.target_id, lock);
  }

  /** `role` as certified where it is known: locks of all are not about organizers and moderators. */
  isLocked(media: MutedMedia, id: string, role: Role): boolean {
    const [all, own] = [this.#all[media], this.#of[media].get(id)];
    if (own !== undefined && own.time > all.time) return own.locked;
    return all.locked && (role === 'participant' || role === 'observer');
  }

  hasKicked(id: string): boolean {
    return this.#kicked.has(id);
  }
}

/** The medium that a mute, or what lifts it, is about; null for other orders. */
export function mediaOf({ command }: Pick<ProvenOrder, 'command'>): MutedMedia | null {
  if (command.endsWith('_AUDIO')) return 'audio';
  return command.endsWith('_VIDEO') ? 'video' : null;
}

export function isAllowing({ command }: Pick<ProvenOrder, 'command'>): boolean {
  return command.startsWith('ALLOW_');
}

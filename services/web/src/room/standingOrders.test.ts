import { describe, expect, it } from 'vitest';
import type { ProvenOrder } from '../identity/order.ts';
import type { Holder } from '../identity/trust.ts';
import { StandingOrders } from './standingOrders.ts';

const grace = 'p-grace';
const by = { participant: 'p-ada', role: 'organizer' } as Holder;
const order = (command: ProvenOrder['command'], time: number, target_id: string | null = null, locked = true): ProvenOrder =>
  ({ command, target_id, locked, by, time });

const mute = order('MUTE_AUDIO', 1, grace);
const allow = order('ALLOW_AUDIO', 2, grace, false);
const muteAll = order('GLOBAL_MUTE_AUDIO', 3);
const allowAfter = order('ALLOW_AUDIO', 4, grace, false);
const allowAll = order('ALLOW_AUDIO', 5, null, false);

function standing(...orders: ProvenOrder[]): StandingOrders {
  const all = new StandingOrders();
  for (const one of orders) all.add(one);
  return all;
}

describe('standing orders', () => {
  it.each<[string, ProvenOrder[], boolean]>([
    ['none', [], false],
    ['a lock', [mute], true],
    ['a lock that was lifted', [mute, allow], false],
    ['a lock of all after the own one was lifted', [mute, allow, muteAll], true],
    ['an exception from the lock of all', [muteAll, allowAfter], false],
    ['a lock of all that was lifted', [muteAll, allowAll], false],
    ['an own lock that was lifted with all', [mute, allowAll], false],
    ['a mute without a lock', [order('MUTE_AUDIO', 1, grace, false)], false],
    ['a lock of the other medium', [order('MUTE_VIDEO', 1, grace)], false],
    ['a lock of somebody else', [order('MUTE_AUDIO', 1, 'p-alan')], false],
  ])('hold a microphone after %s', (_, orders, locked) => {
    expect(standing(...orders).isLocked('audio', grace, 'participant')).toBe(locked);
    // By when they were given: the gateway cannot lift a lock by keeping back what lifted the one before.
    expect(standing(...[...orders].reverse()).isLocked('audio', grace, 'participant')).toBe(locked);
  });

  it('of all are not about those who may give them, unless named', () => {
    expect(standing(muteAll).isLocked('audio', grace, 'moderator')).toBe(false);
    expect(standing(mute).isLocked('audio', grace, 'moderator')).toBe(true);
  });

  it('keep out who was kicked', () => {
    const kicked = standing(order('KICK_PEER', 1, grace, false));
    expect([kicked.hasKicked(grace), kicked.hasKicked('p-alan')]).toEqual([true, false]);
  });
});

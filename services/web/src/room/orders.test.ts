import { describe, expect, it, vi } from 'vitest';
import type { ProvenOrder } from '../identity/order.ts';
import type { Holder } from '../identity/trust.ts';
import type { OrderMessage } from '../signaling/messages.ts';
import { Orders, type OrdersOptions } from './orders.ts';

const ada = { participant: 'p-ada', role: 'organizer' } as Holder;
const told: OrderMessage = { type: 'order', command: 'SET_SPEAKER', target_id: 'p-grace', locked: false, by: 'p-ada', proof: '' };
const proven: ProvenOrder = { command: 'SET_SPEAKER', target_id: 'p-grace', locked: false, by: ada, time: 1 };

function ordersWith(proofs: OrdersOptions['proofs']): { orders: Orders; send: OrdersOptions['send']; obey: OrdersOptions['obey'] } {
  const [send, obey] = [vi.fn(), vi.fn()];
  const orders = new Orders({
    required: true, proofs, send, obey, self: () => undefined, roleOf: () => undefined, changed: () => undefined, refused: () => undefined,
  });
  return { orders, send, obey };
}

describe('orders', () => {
  it('are given after one that could not be proven, which is not sent', async () => {
    const prove = vi.fn().mockRejectedValueOnce(new Error('no key')).mockResolvedValue('a proof');
    const { orders, send } = ordersWith({ prove, verify: vi.fn() });
    const first = orders.give({ command: 'RESET_SPEAKER' });
    const second = orders.give({ command: 'KICK_PEER', target_id: 'p-grace' });
    await expect(first).rejects.toThrow('no key');
    await second;
    expect(vi.mocked(send).mock.calls).toEqual([[{ type: 'control_frame', command: 'KICK_PEER', target_id: 'p-grace', proof: 'a proof' }]]);
  });

  it('are obeyed after one that could not be judged, which is not', async () => {
    const verify = vi.fn().mockRejectedValueOnce(new Error('no verifier')).mockResolvedValue(proven);
    const { orders, obey } = ordersWith({ prove: vi.fn(), verify });
    const first = orders.receive({ ...told, target_id: 'p-alan' }, undefined);
    const second = orders.receive(told, undefined);
    await expect(first).rejects.toThrow('no verifier');
    await second;
    expect(vi.mocked(obey).mock.calls).toEqual([[{ kind: 'speaker', id: 'p-grace' }]]);
  });
});

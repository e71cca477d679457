import { beforeAll, describe, expect, it } from 'vitest';
import type { OrderCommand, OrderMessage } from '../signaling/messages.ts';
import { OrderProofs, orderOf } from './order.ts';
import type { TestAuthority } from './testAuthority.ts';
import { authorityOfNow, testCredential } from './testCredential.ts';

const [ada, grace] = ['p-aaaaaaaaaaaaaaaa', 'p-gggggggggggggggg'] as const;
const room = 'r7k2m9qxw4tz';
const mute: OrderCommand = { command: 'MUTE_AUDIO', target_id: grace, locked: true };

let authority: TestAuthority;

beforeAll(async () => {
  authority = await authorityOfNow();
});

async function proofsOf(self: string, role: string, trusted = authority, ownRoom = room): Promise<OrderProofs> {
  const credential = await testCredential(self, trusted, authority, { role });
  return new OrderProofs({ credential, room: ownRoom, tenant: 'default', session: 's-abcdefghijklmnop', self });
}

async function ordered(by: OrderProofs, command = mute, sender: string = ada): Promise<OrderMessage> {
  return { type: 'order', ...orderOf(command), by: sender, proof: await by.prove(command) ?? '' };
}

describe('an order', () => {
  it.each(['organizer', 'moderator'])('of an %s is proven', async (role) => {
    const message = await ordered(await proofsOf(ada, role));
    expect(await (await proofsOf(grace, 'participant')).verify(message)).toMatchObject({ command: 'MUTE_AUDIO', target_id: grace, locked: true, by: { participant: ada, role } });
  });

  it.each(['participant', 'observer'])('of a %s is none, however well signed', async (role) => {
    expect(await (await proofsOf(grace, 'participant')).verify(await ordered(await proofsOf(ada, role)))).toBe('role');
  });

  it.each<[string, Partial<OrderMessage>, string]>([
    ['another command', { command: 'ALLOW_AUDIO' }, 'signature'],
    ['another target', { target_id: ada }, 'signature'],
    ['everybody as its target', { target_id: null }, 'signature'],
    ['its lock taken off', { locked: false }, 'signature'],
    ['another sender', { by: grace }, 'identity'],
    ['no proof', { proof: '' }, 'malformed'],
    ['parts of a proof', { proof: 'a.b.c.1.d' }, 'malformed'],
    ['one part too many', { proof: 'a.b.c.1.d.e' }, 'malformed'],
  ])('with %s is refused', async (_, change, refusal) => {
    const message = await ordered(await proofsOf(ada, 'organizer'));
    expect(await (await proofsOf(grace, 'participant')).verify({ ...message, ...change })).toBe(refusal);
  });

  it('is good once', async () => {
    const [message, judge] = [await ordered(await proofsOf(ada, 'organizer')), await proofsOf(grace, 'participant')];
    expect(await judge.verify(message)).toMatchObject({ command: 'MUTE_AUDIO' });
    expect(await judge.verify(message)).toBe('replay');
  });

  it('with another time is refused, and long after it was given as well', async () => {
    const message = await ordered(await proofsOf(ada, 'organizer'));
    const at = (time: number): OrderMessage => ({ ...message, proof: message.proof.split('.').map((part, i) => i === 3 ? String(time) : part).join('.') });
    const judge = await proofsOf(grace, 'participant');
    expect(await judge.verify(at(Date.now() - 1_000))).toBe('signature');
    expect(await judge.verify(at(Date.now() - 200_000))).toBe('time');
  });

  it('by an authority of one\'s own is refused', async () => {
    const own = await authorityOfNow();
    expect(await (await proofsOf(grace, 'participant')).verify(await ordered(await proofsOf(ada, 'organizer', own)))).toBe('certificate');
  });

  it('of another room is refused', async () => {
    expect(await (await proofsOf(grace, 'participant', authority, 'anotherroom1')).verify(await ordered(await proofsOf(ada, 'organizer')))).toBe('identity');
  });
});

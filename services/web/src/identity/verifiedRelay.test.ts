import { describe, expect, it } from 'vitest';
import type { Payload } from '../signaling/messages.ts';
import { Credential } from './credential.ts';
import { SessionKey } from './sessionKey.ts';
import type { TestAuthority } from './testAuthority.ts';
import { authorityOfNow, testCredential } from './testCredential.ts';
import { VerifiedRelay, type Verdict } from './verifiedRelay.ts';

const hash = (byte: string): string => Array<string>(32).fill(byte).join(':');
const link = '0b2f1d5e-7c55-4c1b-9a51-0d7b7f1c2a33';
const [ada, grace] = ['p-aaaaaaaaaaaaaaaa', 'p-gggggggggggggggg'] as const;

function offer(byte: string): Payload {
  return { type: 'offer', link, sdp: `v=0\r\na=fingerprint:sha-256 ${hash(byte)}\r\n` };
}

interface End {
  relay: VerifiedRelay;
  sent: [string, Payload][];
  delivered: [string, Payload][];
  verdicts: Verdict[];
}

/** One end, with a certificate of `authority` for the key that its browser made. */
async function end(authority: TestAuthority, self: string, required = true): Promise<End> {
  const credential = await testCredential(self, authority);
  const [sent, delivered, verdicts]: [End['sent'], End['delivered'], End['verdicts']] = [[], [], []];
  const relay = new VerifiedRelay({
    credential, room: 'r7k2m9qxw4tz', tenant: 'default', session: 's-abcdefghijklmnop', self, required,
    send: (type, _, payload) => sent.push([type, payload]),
    deliver: (type, _, payload) => delivered.push([type, payload]),
    judged: (_, verdict) => verdicts.push(verdict),
  });
  return { relay, sent, delivered, verdicts };
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { interval: 1 }).toBe(true);
}

function statsOf(byte: string): Pick<RTCPeerConnection, 'getStats'> {
  const reports = new Map<string, unknown>([
    ['T', { type: 'transport', remoteCertificateId: 'C' }],
    ['C', { type: 'certificate', fingerprintAlgorithm: 'sha-256', fingerprint: hash(byte) }],
  ]);
  return { getStats: () => Promise.resolve(reports as unknown as RTCStatsReport) };
}

describe('the verified relay', () => {
  it('seals descriptions and keeps candidates behind them', async () => {
    const a = await end(await authorityOfNow(), ada);
    a.relay.send('offer', grace, offer('AA'));
    a.relay.send('candidate', grace, { candidate: '1' });
    a.relay.send('candidate', grace, { candidate: '2' });
    await until(() => a.sent.length === 3);
    expect(a.sent.map(([type]) => type)).toEqual(['offer', 'candidate', 'candidate']);
    expect(a.sent[0]?.[1]['seal']).toBeDefined();
  });

  it('sends nothing that was made for a connection before the last', async () => {
    const a = await end(await authorityOfNow(), ada);
    a.relay.send('offer', grace, offer('AA'));
    a.relay.forget(grace);
    a.relay.send('offer', grace, offer('BB'));
    a.relay.send('candidate', grace, { candidate: '1' });
    await until(() => a.sent.length === 2);
    expect(a.sent).toMatchObject([['offer', { sdp: offer('BB')['sdp'] }], ['candidate', {}]]);
  });

  it('delivers what a participant has sealed, in order, and says who it was', async () => {
    const authority = await authorityOfNow();
    const [a, g] = await Promise.all([end(authority, ada), end(authority, grace)]);
    await pass(a, g, (payload) => payload);
    expect(g.delivered.map(([type]) => type)).toEqual(['offer', 'candidate']);
    expect(g.verdicts).toEqual([{ state: 'verified', name: 'Grace', organization: 'default', role: 'participant' }]);
  });

  it('delivers no swapped fingerprint', async () => {
    const authority = await authorityOfNow();
    const [a, g] = await Promise.all([end(authority, ada), end(authority, grace)]);
    await pass(a, g, (payload) => ({ ...payload, sdp: offer('EE')['sdp'] }));
    expect(g.delivered.filter(([type]) => type === 'offer')).toEqual([]);
    expect(g.verdicts).toEqual([{ state: 'refused', reason: 'signature' }]);
  });

  it('delivers nothing unsealed where proofs are required', async () => {
    const authority = await authorityOfNow();
    const [a, g] = await Promise.all([end(authority, ada), end(authority, grace)]);
    await pass(a, g, ({ seal: _, ...payload }) => payload);
    expect(g.delivered.filter(([type]) => type === 'offer')).toEqual([]);
    expect(g.verdicts).toEqual([{ state: 'refused', reason: 'unsigned' }]);
  });

  it('says so where they are not, and then takes no step back', async () => {
    const authority = await authorityOfNow();
    const [a, g] = await Promise.all([end(authority, ada), end(authority, grace, false)]);
    g.relay.receive('offer', ada, offer('EE'));
    await until(() => g.verdicts.length === 1);
    await pass(a, g, (payload) => payload);
    g.relay.receive('offer', ada, offer('EE'));
    await until(() => g.verdicts.length === 3);
    expect(g.verdicts.map(({ state }) => state)).toEqual(['unverified', 'verified', 'refused']);
    expect(g.delivered.filter(([type]) => type === 'offer')).toHaveLength(2);
  });

  it('takes no certificate of another authority', async () => {
    const [a, g] = await Promise.all([end(await authorityOfNow(), ada), end(await authorityOfNow(), grace)]);
    await pass(a, g, (payload) => payload);
    expect(g.verdicts).toEqual([{ state: 'refused', reason: 'certificate' }]);
  });

  it('delivers nothing of somebody who has left meanwhile', async () => {
    const authority = await authorityOfNow();
    const [a, g] = await Promise.all([end(authority, ada), end(authority, grace)]);
    a.relay.send('offer', grace, offer('AA'));
    await until(() => a.sent.length === 1);
    g.relay.receive('offer', ada, a.sent[0]?.[1] ?? {});
    g.relay.forget(ada);
    g.relay.receive('candidate', ada, {});
    await until(() => g.delivered.length === 1);
    expect(g.delivered.map(([type]) => type)).toEqual(['candidate']);
    expect(g.verdicts).toEqual([]);
  });

  it('confirms the certificate in use, and no other', async () => {
    const authority = await authorityOfNow();
    const [a, g] = await Promise.all([end(authority, ada), end(authority, grace)]);
    expect(await g.relay.confirm(ada, statsOf('AA'))).toBe(false);
    await pass(a, g, (payload) => payload);
    expect(await g.relay.confirm(ada, statsOf('AA'))).toBe(true);
    expect(await g.relay.confirm(ada, statsOf('EE'))).toBe(false);
    expect(g.verdicts.at(-1)).toEqual({ state: 'refused', reason: 'certificate_in_use' });
  });

  it('asks again while the browser tells of no certificate, and confirms nothing when it never does', async () => {
    const authority = await authorityOfNow();
    const [a, g] = await Promise.all([end(authority, ada), end(authority, grace)]);
    await pass(a, g, (payload) => payload);
    const empty = { getStats: () => Promise.resolve(new Map() as unknown as RTCStatsReport) };
    let asked = 0;
    const late = { getStats: () => (++asked < 3 ? empty : statsOf('AA')).getStats() };
    expect(await g.relay.confirm(ada, late)).toBe(true);
    expect(asked).toBe(3);
    expect(await g.relay.confirm(ada, empty)).toBe(false);
  });

  it('sends unsealed what it has no certificate for', async () => {
    const key = await SessionKey.create();
    const sent: Payload[] = [];
    const credential = new Credential({ key, issue: () => Promise.reject(new Error('refused')), authorities: () => Promise.reject(new Error('away')) }, 1);
    const relay = new VerifiedRelay({
      credential, room: 'r7k2m9qxw4tz', tenant: 'default', session: 's-abcdefghijklmnop', self: ada, required: true,
      send: (_, __, payload) => sent.push(payload), deliver: () => undefined, judged: () => undefined,
    });
    relay.send('offer', grace, offer('AA'));
    await until(() => sent.length === 1);
    expect(sent[0]).toEqual(offer('AA'));
  });
});

/** An offer and a candidate from one end to the other, through somebody who may change the offer. */
async function pass(from: End, to: End, change: (payload: Payload) => Payload): Promise<void> {
  const [before, judged] = [from.sent.length, to.verdicts.length];
  from.relay.send('offer', grace, offer('AA'));
  from.relay.send('candidate', grace, { candidate: '1' });
  await until(() => from.sent.length === before + 2);
  const candidates = to.delivered.filter(([type]) => type === 'candidate').length;
  for (const [type, payload] of from.sent.slice(before)) {
    to.relay.receive(type as 'offer' | 'candidate', ada, type === 'offer' ? change(payload) : payload);
  }
  await until(() => to.verdicts.length > judged && to.delivered.filter(([type]) => type === 'candidate').length > candidates);
}

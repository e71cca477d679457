import { describe, expect, it } from 'vitest';
import { ModelConnection, seededRandom } from './modelConnection.ts';
import { Negotiation } from './negotiation.ts';

type Frame = { type: 'offer' | 'answer'; sdp: string } | { type: 'candidate' };

/** Two ends, a wire in each direction that keeps order and takes its time, and both ends wanting to negotiate at random moments. */
async function glare(seed: number, politeA: boolean, politeB: boolean): Promise<{ a: ModelConnection; b: ModelConnection; failures: unknown[] }> {
  const random = seededRandom(seed);
  const failures: unknown[] = [];
  let running = 0;
  // Turns of the event loop instead of milliseconds: a thousand seeds take a moment, and the same seed takes the same way.
  const pause = async (): Promise<void> => {
    running++;
    for (let turns = Math.floor(random() * 6); turns >= 0; turns--) await Promise.resolve();
    running--;
  };

  const make = (name: string, polite: boolean, wire: Frame[]): { connection: ModelConnection; negotiation: Negotiation } => {
    const connection = new ModelConnection(name, pause);
    const negotiation = new Negotiation({
      connection,
      polite,
      send: (type, payload) => {
        wire.push({ type, sdp: String(payload['sdp']) });
        for (let count = Math.floor(random() * 3); count > 0; count--) wire.push({ type: 'candidate' });
      },
      beforeAnswer: pause,
      failed: (error) => failures.push(error),
    });
    connection.onnegotiationneeded = () => void negotiation.negotiate();
    return { connection, negotiation };
  };

  const fromA: Frame[] = [];
  const fromB: Frame[] = [];
  const a = make('a', politeA, fromA);
  const b = make('b', politeB, fromB);
  const deliver = (frame: Frame | undefined, to: Negotiation): void => {
    if (frame === undefined) return;
    if (frame.type === 'candidate') void to.receiveCandidate({ candidate: 'candidate:1' });
    else void to.receiveDescription(frame.type, frame.sdp);
  };

  // A burst of wishes on both sides, with deliveries in between; then quiet, until nothing moves any more.
  let wishes = 2 + Math.floor(random() * 6);
  for (let idle = 0; idle < 40;) {
    const choice = random();
    if (wishes > 0 && choice < 0.3) {
      wishes--;
      (random() < 0.5 ? a : b).connection.want();
    } else if (choice < 0.6) {
      deliver(fromA.shift(), b.negotiation);
    } else if (choice < 0.9) {
      deliver(fromB.shift(), a.negotiation);
    }
    for (let turns = Math.floor(random() * 12); turns >= 0; turns--) await Promise.resolve();
    idle = wishes === 0 && fromA.length + fromB.length + running === 0 ? idle + 1 : 0;
    if (failures.length > 0) break;
  }
  return { a: a.connection, b: b.connection, failures };
}

describe('negotiation', () => {
  it('reaches agreement from any glare', async () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const { a, b, failures } = await glare(seed, seed % 2 === 0, seed % 2 !== 0);
      const state = `seed ${seed}`;
      expect(failures, state).toEqual([]);
      expect([...a.illegal, ...b.illegal], state).toEqual([]);
      expect([a.signalingState, b.signalingState], state).toEqual(['stable', 'stable']);
      expect([a.isSettled, b.isSettled], state).toEqual([true, true]);
      expect(a.agreed, state).toBe(b.agreed);
    }
  });

  it.each([[true], [false]])('would not when both are polite: %s, so the model can tell', async (polite) => {
    let broken = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const { a, b, failures } = await glare(seed, polite, polite);
      if (failures.length > 0 || a.agreed !== b.agreed || a.signalingState !== 'stable' || b.signalingState !== 'stable' || !a.isSettled || !b.isSettled) broken++;
    }
    expect(broken).toBeGreaterThan(0);
  });

  it('keeps candidates that come before their description', async () => {
    const connection = new ModelConnection('a', () => Promise.resolve());
    const added: unknown[] = [];
    connection.addIceCandidate = (...given: unknown[]) => {
      added.push(connection.remoteDescription === null ? 'too early' : given[0]);
      return Promise.resolve();
    };
    const negotiation = new Negotiation({ connection, polite: true, send: () => undefined, beforeAnswer: () => Promise.resolve(), failed: () => undefined });
    void negotiation.receiveCandidate({ candidate: 'candidate:1' });
    void negotiation.receiveCandidate({ candidate: 'candidate:2' });
    await negotiation.receiveDescription('offer', 'b1');
    expect(added).toEqual([{ candidate: 'candidate:1' }, { candidate: 'candidate:2' }]);
  });

  it('does nothing more once closed', async () => {
    const sent: string[] = [];
    const connection = new ModelConnection('a', () => Promise.resolve());
    const negotiation = new Negotiation({ connection, polite: true, send: (type) => sent.push(type), beforeAnswer: () => Promise.resolve(), failed: () => undefined });
    const offering = negotiation.negotiate();
    negotiation.close();
    await offering;
    expect(sent).toEqual([]);
  });
});

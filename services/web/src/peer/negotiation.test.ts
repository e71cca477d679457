import { describe, expect, it } from 'vitest';
import { ModelConnection, seededRandom } from './modelConnection.ts';
import { Negotiation } from './negotiation.ts';

type Frame = { type: 'offer' | 'answer'; sdp: string; round: unknown } | { type: 'candidate' };

interface Ends {
  a: ModelConnection;
  b: ModelConnection;
  failures: unknown[];
}

interface Trouble {
  politeA: boolean;
  politeB: boolean;
  /** How often what is on the way is lost, as with a gateway that dies, and both ends are told so afterwards. */
  losses: number;
  /** Whether only one of them is told: the other's gateway lives, and it has nothing to notice. */
  oneIsTold: boolean;
  /** What they do then. */
  repeats: boolean;
  /** Whether answers tell which offer they answer. */
  numbers: boolean;
}

const none: Trouble = { politeA: true, politeB: false, losses: 0, oneIsTold: false, repeats: true, numbers: true };

/** Two ends, a wire in each direction that keeps order and takes its time, and both ends wanting to negotiate at random moments. */
async function glare(seed: number, { politeA, politeB, losses, oneIsTold, repeats, numbers }: Trouble): Promise<Ends> {
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
        wire.push({ type, sdp: String(payload['sdp']), round: numbers ? payload['round'] : undefined });
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
    else void to.receiveDescription(frame.type, frame.sdp, frame.round);
  };

  // A burst of wishes on both sides, with deliveries in between; then quiet, until nothing moves any more.
  let wishes = 2 + Math.floor(random() * 6);
  for (let idle = 0; idle < 40;) {
    const choice = random();
    if (losses > 0 && choice < 0.05) {
      losses--;
      // A part of what is on the way: the other end may have got more than this one.
      fromA.splice(Math.floor(random() * (fromA.length + 1)));
      fromB.splice(Math.floor(random() * (fromB.length + 1)));
      for (const end of oneIsTold ? [a] : [a, b]) {
        if (repeats) void end.negotiation.repeat();
        end.connection.want();
      }
    } else if (wishes > 0 && choice < 0.3) {
      wishes--;
      (random() < 0.5 ? a : b).connection.want();
    } else if (choice < 0.6) {
      deliver(fromA.shift(), b.negotiation);
    } else if (choice < 0.9) {
      deliver(fromB.shift(), a.negotiation);
    }
    for (let turns = Math.floor(random() * 12); turns >= 0; turns--) await Promise.resolve();
    idle = wishes === 0 && losses === 0 && fromA.length + fromB.length + running === 0 ? idle + 1 : 0;
    if (failures.length > 0) break;
  }
  return { a: a.connection, b: b.connection, failures };
}

function hasAgreed({ a, b, failures }: Ends): boolean {
  return failures.length === 0 && a.illegal.length + b.illegal.length === 0 && a.agreed === b.agreed
    && a.signalingState === 'stable' && b.signalingState === 'stable' && a.isSettled && b.isSettled;
}

describe('negotiation', () => {
  it('reaches agreement from any glare', async () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const { a, b, failures } = await glare(seed, { ...none, politeA: seed % 2 === 0, politeB: seed % 2 !== 0 });
      const state = `seed ${seed}`;
      expect(failures, state).toEqual([]);
      expect([...a.illegal, ...b.illegal], state).toEqual([]);
      expect([a.signalingState, b.signalingState], state).toEqual(['stable', 'stable']);
      expect([a.isSettled, b.isSettled], state).toEqual([true, true]);
      expect(a.agreed, state).toBe(b.agreed);
    }
  });

  it('reaches it also when frames are lost and both ends are told so', async () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const ends = await glare(seed, { ...none, politeA: seed % 2 === 0, politeB: seed % 2 !== 0, losses: 1 + (seed % 3) });
      expect(hasAgreed(ends), `seed ${seed}: ${ends.a.signalingState}, ${ends.b.signalingState}, ${[...ends.a.illegal, ...ends.b.illegal].join()}`).toBe(true);
    }
  });

  it('reaches it also when only one end is told', async () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const ends = await glare(seed, { ...none, politeA: seed % 2 === 0, politeB: seed % 2 !== 0, losses: 1 + (seed % 3), oneIsTold: true });
      expect(hasAgreed(ends), `seed ${seed}: ${ends.a.signalingState}, ${ends.b.signalingState}, ${[...ends.a.illegal, ...ends.b.illegal].join()}`).toBe(true);
    }
  });

  it.each<[string, Partial<Trouble>]>([
    ['both are polite and answers have no number', { politeB: true, numbers: false }],
    ['neither is polite', { politeA: false }],
    ['offers are repeated and answers have no number', { losses: 2, numbers: false }],
    ['offers that were lost are not repeated', { losses: 2, repeats: false }],
  ])('would not when %s, so the model can tell', async (_, trouble) => {
    let broken = 0;
    for (let seed = 1; seed <= 200; seed++) {
      if (!hasAgreed(await glare(seed, { ...none, ...trouble }))) broken++;
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

import { describe, expect, it } from 'vitest';
import { countersOf, loadBetween, qualityBetween } from './linkStats.ts';

/** As Chromium reports, cut down to what is read. */
function reports(at: number, change: Record<string, object> = {}): unknown[] {
  const all: Record<string, object> = {
    T: { type: 'transport', selectedCandidatePairId: 'P' },
    P: {
      type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R', bytesReceived: at * 100, bytesSent: at * 50, currentRoundTripTime: 0.08,
      availableOutgoingBitrate: 900_000,
    },
    L: { type: 'local-candidate', candidateType: 'host', protocol: 'udp' },
    R: { type: 'remote-candidate', candidateType: 'srflx', protocol: 'udp' },
    A: {
      type: 'inbound-rtp', kind: 'audio', packetsReceived: at / 20, packetsLost: at / 1_000, jitter: 0.004, jitterBufferDelay: at * 2, jitterBufferEmittedCount: at * 48,
    },
    V: { type: 'outbound-rtp', kind: 'video', totalEncodeTime: at / 10_000, qualityLimitationReason: 'bandwidth' },
    S: { type: 'media-source', kind: 'audio', audioLevel: 0.2 },
    I: { type: 'remote-inbound-rtp', fractionLost: 0.03 },
    ...change,
  };
  return Object.entries(all).map(([id, report]) => ({ id, timestamp: at, ...report }));
}

describe('link statistics', () => {
  it('tell what an interval was like', () => {
    const [before, now] = [countersOf(reports(2_000)), countersOf(reports(4_000))];
    const quality = qualityBetween(before, now);
    expect(quality).toMatchObject({ roundTripMs: 80, jitterMs: 4, kbpsIn: 800, kbpsOut: 400, candidate: 'srflx', protocol: 'udp', cause: 'none' });
    expect(quality?.loss).toBeCloseTo(2 / 102, 6);
    expect(quality?.mos).toBeCloseTo(4.1457, 3);
    expect(loadBetween(before, now)).toEqual({ available: 900_000, limitation: 'bandwidth', loss: 0.03, encoding: 0.1 });
    expect(now.ownLevel).toBe(0.2);
  });

  it('name a relay at either end, and how it is reached', () => {
    const relayed = countersOf(reports(1, { L: { type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' } }));
    expect(relayed).toMatchObject({ candidate: 'relay', protocol: 'tcp' });
    expect(countersOf(reports(1, { R: { type: 'remote-candidate', candidateType: 'relay' } }))).toMatchObject({ candidate: 'relay', protocol: 'udp' });
  });

  it('say when nothing came', () => {
    const stalled = (at: number): unknown[] => reports(at, { P: { type: 'candidate-pair', bytesReceived: 100, bytesSent: 5 } });
    expect(qualityBetween(countersOf(stalled(2_000)), countersOf(stalled(4_000)))).toMatchObject({ mos: 1, cause: 'silent' });
  });

  it('have no interval without time, and none that is negative after counters began anew', () => {
    expect(qualityBetween(countersOf(reports(2_000)), countersOf(reports(2_000)))).toBeUndefined();
    const restarted = qualityBetween({ ...countersOf(reports(2_000)), bytesIn: 1e9, voiceIn: 1e6, voiceLost: 1e6 }, countersOf(reports(4_000)));
    expect(restarted).toMatchObject({ kbpsIn: 0, loss: 0 });
  });

  it('read nothing from reports that hold nothing', () => {
    expect(countersOf([{}, { id: 'T', type: 'transport', selectedCandidatePairId: 'gone' }, { id: 'x', type: 'inbound-rtp', kind: 'audio', jitter: 'much' }]))
      .toMatchObject({ voiceIn: 0, jitterMs: 0, candidate: 'host', available: null });
  });
});

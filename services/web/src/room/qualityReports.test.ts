import { describe, expect, it } from 'vitest';
import type { LinkQuality } from '../peer/linkStats.ts';
import type { QualityReport } from '../signaling/messages.ts';
import { QualityReports } from './qualityReports.ts';

const quality: LinkQuality = {
  roundTripMs: 41.7, jitterMs: 7.2, loss: 0.0249, kbpsIn: 512.4, kbpsOut: 2e9, candidate: 'relay', protocol: 'udp', mos: 3.876, cause: 'loss',
};
const links = (count: number): Map<string, LinkQuality> => new Map(Array.from({ length: count }, (_, i) => [`p-${i}`, quality]));

describe('quality reports', () => {
  it('are in the units and bounds of the wire', () => {
    const sent: QualityReport[] = [];
    new QualityReports((report) => sent.push(report)).add(links(1), 100_000);
    expect(sent).toEqual([{
      type: 'quality', target_id: 'p-0', rtt_ms: 42, jitter_ms: 7, loss: 0.025, kbps_in: 512, kbps_out: 1_000_000, candidate: 'relay', mos: 388, cause: 'loss',
    }]);
  });

  it('tell of each connection in turn, and of none more often than every 15 s', () => {
    const sent: string[] = [];
    const reports = new QualityReports(({ target_id }) => sent.push(target_id));
    for (let now = 100_000; now < 130_000; now += 2_000) {
      const before = sent.length;
      reports.add(links(10), now);
      expect(sent.length - before).toBeLessThanOrEqual(4);
    }
    expect([...sent].sort()).toEqual([...links(10).keys()].flatMap((id) => [id, id]).sort());
  });

  it('forget who has gone', () => {
    const sent: string[] = [];
    const reports = new QualityReports(({ target_id }) => sent.push(target_id));
    reports.add(links(1), 100_000);
    reports.add(new Map(), 101_000);
    reports.add(links(1), 102_000);
    expect(sent).toEqual(['p-0', 'p-0']);
  });
});

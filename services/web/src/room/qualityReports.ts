import type { LinkQuality } from '../peer/linkStats.ts';
import type { QualityReport } from '../signaling/messages.ts';

/** Each connection is told of so often; the gateway takes five reports a second from a participant. */
const everyMs = 15_000;
/** Of what was read at once; the others wait for the next reading. */
const atOnce = 4;

/** Tells the gateway how one's connections do: the one that was told of longest ago comes first. */
export class QualityReports {
  readonly #send: (report: QualityReport) => void;
  #toldAt = new Map<string, number>();

  constructor(send: (report: QualityReport) => void) {
    this.#send = send;
  }

  add(links: ReadonlyMap<string, LinkQuality>, now = Date.now()): void {
    this.#toldAt = new Map([...links.keys()].map((id) => [id, this.#toldAt.get(id) ?? 0]));
    const due = [...this.#toldAt].filter(([, at]) => now - at >= everyMs).sort(([, a], [, b]) => a - b).slice(0, atOnce);
    for (const [id] of due) {
      const quality = links.get(id);
      if (quality === undefined) continue;
      this.#toldAt.set(id, now);
      this.#send(reportOf(id, quality));
    }
  }
}

function reportOf(id: string, quality: LinkQuality): QualityReport {
  return {
    type: 'quality',
    target_id: id,
    rtt_ms: within(quality.roundTripMs, 60_000),
    jitter_ms: within(quality.jitterMs, 60_000),
    loss: Math.round(quality.loss * 1_000) / 1_000,
    kbps_in: within(quality.kbpsIn, 1_000_000),
    kbps_out: within(quality.kbpsOut, 1_000_000),
    candidate: quality.candidate,
    mos: Math.round(quality.mos * 100),
    cause: quality.cause,
  };
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, Math.round(value)));
}

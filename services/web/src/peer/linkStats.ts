import { causeOf, opinionScore, rating, type LinkCause } from './linkQuality.ts';
import type { LinkDemand } from './mediaBudget.ts';

/** Where the peer's end of the way was found (RFC 8445), or `relay` when either end is one. */
export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay';

/** One link over the last interval. */
export interface LinkQuality {
  roundTripMs: number;
  jitterMs: number;
  /** Of the voice's packets that were to come, 0 to 1. */
  loss: number;
  kbpsIn: number;
  kbpsOut: number;
  candidate: CandidateType;
  protocol: 'udp' | 'tcp';
  /** Mean opinion score, 1 to 4.5. */
  mos: number;
  cause: LinkCause;
}

/** What a budget is decided by, of one link. */
export type LinkLoad = Pick<LinkDemand, 'available' | 'limitation' | 'loss'> & {
  /** Processor seconds per second spent on encoding for it. */
  encoding: number;
};

/** Sums since the link began, as getStats tells them (W3C webrtc-stats). */
export interface LinkCounters {
  /** Milliseconds. */
  at: number;
  bytesIn: number;
  bytesOut: number;
  voiceIn: number;
  voiceLost: number;
  bufferSeconds: number;
  bufferedSamples: number;
  encodeSeconds: number;
  jitterMs: number;
  roundTripMs: number;
  candidate: CandidateType;
  protocol: 'udp' | 'tcp';
  available: number | null;
  limitation: LinkDemand['limitation'];
  remoteLoss: number;
  /** Loudness of what is sent, 0 to 1; null where nothing is captured. */
  ownLevel: number | null;
}

type Report = Record<string, unknown>;

export function countersOf(reports: Iterable<unknown>): LinkCounters {
  const all = new Map([...reports].map((report) => [(report as Report)['id'], report as Report]));
  const counters: LinkCounters = {
    at: 0, bytesIn: 0, bytesOut: 0, voiceIn: 0, voiceLost: 0, bufferSeconds: 0, bufferedSamples: 0, encodeSeconds: 0, jitterMs: 0, roundTripMs: 0,
    candidate: 'host', protocol: 'udp', available: null, limitation: 'none', remoteLoss: 0, ownLevel: null,
  };
  for (const report of all.values()) {
    counters.at = Math.max(counters.at, number(report, 'timestamp'));
    switch (report['type']) {
      case 'transport':
        readPair(counters, all.get(report['selectedCandidatePairId']), all);
        break;
      case 'inbound-rtp':
        if (report['kind'] === 'audio') readVoice(counters, report);
        break;
      case 'outbound-rtp':
        counters.encodeSeconds += number(report, 'totalEncodeTime');
        if (report['qualityLimitationReason'] === 'cpu' || (report['qualityLimitationReason'] === 'bandwidth' && counters.limitation === 'none')) {
          counters.limitation = report['qualityLimitationReason'];
        }
        break;
      case 'remote-inbound-rtp':
        counters.remoteLoss = Math.max(counters.remoteLoss, number(report, 'fractionLost'));
        break;
      case 'media-source':
        if (report['kind'] === 'audio') counters.ownLevel = Math.max(counters.ownLevel ?? 0, number(report, 'audioLevel'));
        break;
    }
  }
  return counters;
}

function readPair(counters: LinkCounters, pair: Report | undefined, all: Map<unknown, Report>): void {
  if (pair === undefined) return;
  counters.bytesIn = number(pair, 'bytesReceived');
  counters.bytesOut = number(pair, 'bytesSent');
  counters.roundTripMs = number(pair, 'currentRoundTripTime') * 1_000;
  counters.available = typeof pair['availableOutgoingBitrate'] === 'number' ? pair['availableOutgoingBitrate'] : null;
  const [local, remote] = [all.get(pair['localCandidateId']), all.get(pair['remoteCandidateId'])];
  const types = [local?.['candidateType'], remote?.['candidateType']];
  counters.candidate = types.includes('relay') ? 'relay' : candidateTypes.find((type) => type === types[1]) ?? 'host';
  counters.protocol = local?.['protocol'] === 'tcp' || (typeof local?.['relayProtocol'] === 'string' && local['relayProtocol'] !== 'udp') ? 'tcp' : 'udp';
}

const candidateTypes: readonly CandidateType[] = ['host', 'srflx', 'prflx', 'relay'];

function readVoice(counters: LinkCounters, report: Report): void {
  counters.voiceIn += number(report, 'packetsReceived');
  counters.voiceLost += Math.max(0, number(report, 'packetsLost')) + number(report, 'packetsDiscarded');
  counters.bufferSeconds += number(report, 'jitterBufferDelay');
  counters.bufferedSamples += number(report, 'jitterBufferEmittedCount');
  counters.jitterMs = Math.max(counters.jitterMs, number(report, 'jitter') * 1_000);
}

/** The interval between two readings; undefined when no time has passed. */
export function qualityBetween(before: LinkCounters, now: LinkCounters): LinkQuality | undefined {
  const seconds = (now.at - before.at) / 1_000;
  if (seconds <= 0) return undefined;
  const [came, lost] = [Math.max(0, now.voiceIn - before.voiceIn), Math.max(0, now.voiceLost - before.voiceLost)];
  const samples = now.bufferedSamples - before.bufferedSamples;
  const path = {
    loss: came + lost === 0 ? 0 : lost / (came + lost),
    roundTripMs: now.roundTripMs,
    bufferMs: samples > 0 ? Math.max(0, ((now.bufferSeconds - before.bufferSeconds) / samples) * 1_000) : 0,
  };
  const bytesIn = Math.max(0, now.bytesIn - before.bytesIn);
  return {
    roundTripMs: now.roundTripMs,
    jitterMs: now.jitterMs,
    loss: path.loss,
    kbpsIn: (bytesIn * 8) / 1_000 / seconds,
    kbpsOut: (Math.max(0, now.bytesOut - before.bytesOut) * 8) / 1_000 / seconds,
    candidate: now.candidate,
    protocol: now.protocol,
    mos: bytesIn === 0 ? 1 : opinionScore(rating(path)),
    cause: bytesIn === 0 ? 'silent' : causeOf(path, now.candidate === 'relay'),
  };
}

export function loadBetween(before: LinkCounters, now: LinkCounters): LinkLoad {
  const seconds = (now.at - before.at) / 1_000;
  return {
    available: now.available,
    limitation: now.limitation,
    loss: now.remoteLoss,
    encoding: seconds <= 0 ? 0 : Math.max(0, now.encodeSeconds - before.encodeSeconds) / seconds,
  };
}

function number(report: Report, member: string): number {
  const value = report[member];
  return typeof value === 'number' ? value : 0;
}

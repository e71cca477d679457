/** What a connection carried since the reading before; undefined where the browser does not tell, or there was no reading before. */
export interface LinkFigures {
  rttMs?: number;
  jitterMs?: number;
  lossPercent?: number;
  downKbps?: number;
  upKbps?: number;
  width?: number;
  height?: number;
  framesPerSecond?: number;
  way?: 'direct' | 'relay';
}

/** Running totals of a connection at one moment, and what follows from them. */
export interface LinkReading {
  at: number;
  received: number;
  lost: number;
  bytesIn: number;
  bytesOut: number;
  figures: LinkFigures;
}

/** Reads the statistics of a connection (W3C webrtc-stats); rates are over the time since `before`. */
export async function readLink(connection: RTCPeerConnection, before: LinkReading | undefined): Promise<LinkReading> {
  return summarize((await connection.getStats()).values() as Iterable<StatsReport>, before);
}

/** Members of the reports that are read here; all of them may be missing. */
export interface StatsReport {
  id: string;
  type: string;
  timestamp: number;
  kind?: string;
  jitter?: number;
  packetsReceived?: number;
  packetsLost?: number;
  frameWidth?: number;
  frameHeight?: number;
  framesPerSecond?: number;
  bytesReceived?: number;
  bytesSent?: number;
  currentRoundTripTime?: number;
  selectedCandidatePairId?: string;
  localCandidateId?: string;
  candidateType?: string;
}

export function summarize(reports: Iterable<StatsReport>, before: LinkReading | undefined): LinkReading {
  const all = [...reports];
  const transport = all.find((one) => one.type === 'transport');
  const pair = all.find((one) => one.id === transport?.selectedCandidatePairId);
  const inbound = all.filter((one) => one.type === 'inbound-rtp');
  const sound = inbound.find((one) => one.kind === 'audio');
  const picture = inbound.filter((one) => one.kind === 'video').sort((a, b) => (b.frameHeight ?? 0) - (a.frameHeight ?? 0))[0];
  const local = all.find((one) => one.id === pair?.localCandidateId);

  const reading: LinkReading = {
    at: pair?.timestamp ?? 0,
    received: sum(inbound, 'packetsReceived'),
    lost: sum(inbound, 'packetsLost'),
    bytesIn: pair?.bytesReceived ?? 0,
    bytesOut: pair?.bytesSent ?? 0,
    figures: {},
  };
  const { figures } = reading;
  if (pair?.currentRoundTripTime !== undefined) figures.rttMs = pair.currentRoundTripTime * 1000;
  if (sound?.jitter !== undefined) figures.jitterMs = sound.jitter * 1000;
  if (picture?.frameHeight !== undefined) {
    figures.width = picture.frameWidth ?? 0;
    figures.height = picture.frameHeight;
    figures.framesPerSecond = picture.framesPerSecond ?? 0;
  }
  if (local?.candidateType !== undefined) figures.way = local.candidateType === 'relay' ? 'relay' : 'direct';

  const seconds = before === undefined ? 0 : (reading.at - before.at) / 1000;
  if (before !== undefined && seconds > 0) {
    figures.downKbps = ((reading.bytesIn - before.bytesIn) * 8) / 1000 / seconds;
    figures.upKbps = ((reading.bytesOut - before.bytesOut) * 8) / 1000 / seconds;
    // Packets that come late after all make the total of the lost fall.
    const lost = Math.max(0, reading.lost - before.lost);
    const due = reading.received - before.received + lost;
    figures.lossPercent = due > 0 ? (lost / due) * 100 : 0;
  }
  return reading;
}

function sum(reports: StatsReport[], member: 'packetsReceived' | 'packetsLost'): number {
  return reports.reduce((total, one) => total + (one[member] ?? 0), 0);
}

/** How a voice that comes over a link sounds, and what spoils it most. */

/** What an interval of a few seconds showed; loss from 0 to 1, times in milliseconds. */
export interface VoicePath {
  /** Share of the voice's packets that never came, or came too late to be played. */
  loss: number;
  /** There and back. */
  roundTripMs: number;
  /** What the receiver waits so that packets play evenly. */
  bufferMs: number;
}

/** `silent`: connected, but nothing comes. `relay`: the way by a relay is long. */
export type LinkCause = 'none' | 'loss' | 'delay' | 'jitter' | 'relay' | 'silent';

/** The rating of a narrow-band call on which nothing is wrong (ITU-T G.107, default values of all parameters). */
const bestRating = 93.2;
/** Packetisation, encoding and decoding of 20 ms frames. */
const codecMs = 40;
/** Robustness against random loss (ITU-T G.113 Appendix I) of G.711 with concealment, which stands in for Opus: it has no entry there. */
const lossRobustness = 25.1;
/** Above this people are satisfied (ITU-T G.107 Annex B), and nothing needs to be explained. */
const satisfactory = 4.03;

/** Rating factor R of ITU-T G.107 with delay and loss alone: Id as simplified by Cole and Rosenbluth, Ie,eff for random loss. */
export function rating({ loss, roundTripMs, bufferMs }: VoicePath): number {
  return bestRating - delayImpairment(roundTripMs / 2 + bufferMs + codecMs) - lossImpairment(loss);
}

/** Mean opinion score of a rating, 1 to 4.5 (ITU-T G.107 Annex B). */
export function opinionScore(r: number): number {
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

/** What takes most of the score, where the score is less than it should be. */
export function causeOf(path: VoicePath, isRelayed: boolean): LinkCause {
  if (opinionScore(rating(path)) >= satisfactory) return 'none';
  const delayMs = path.roundTripMs / 2 + path.bufferMs + codecMs;
  if (lossImpairment(path.loss) >= delayImpairment(delayMs)) return 'loss';
  if (path.bufferMs > path.roundTripMs / 2) return 'jitter';
  return isRelayed ? 'relay' : 'delay';
}

function delayImpairment(oneWayMs: number): number {
  return 0.024 * oneWayMs + 0.11 * Math.max(0, oneWayMs - 177.3);
}

function lossImpairment(loss: number): number {
  const percent = loss * 100;
  return (95 * percent) / (percent + lossRobustness);
}

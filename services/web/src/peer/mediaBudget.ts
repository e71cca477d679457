import type { BandwidthAdvice } from '../signaling/messages.ts';

/** From the best to the least; sound is never given up. */
const qualitySteps = ['high', 'medium', 'low', 'very_low', 'audio_only'] as const;
export type QualityStep = (typeof qualitySteps)[number];

/** Why the step is not higher; `none` when it is `high`. */
export type BudgetReason = 'none' | 'people' | 'small' | 'cpu' | 'uplink' | 'advice';

/** Of one sender: bitrates in bits per second, `lines` of picture at most. */
export interface SenderBudget {
  active: boolean;
  maxBitrate: number;
  maxFramerate?: number;
  lines?: number;
}

export interface LinkBudget {
  step: QualityStep;
  audio: SenderBudget;
  camera: SenderBudget;
  screen: SenderBudget;
  screenSound: SenderBudget;
}

/** What is known of one peer and the way to it. */
export interface LinkDemand {
  id: string;
  /** How many lines of our camera it shows, in device pixels; 0 when none. Infinity before it has told. */
  lines: number;
  /** What the browser believes to get through, bits per second; null before it knows. */
  available: number | null;
  /** RTCOutboundRtpStreamStats.qualityLimitationReason of what is sent there. */
  limitation: 'none' | 'cpu' | 'bandwidth' | 'other';
  /** Share of our packets that it missed lately, 0 to 1. */
  loss: number;
}

export interface BudgetInput {
  links: readonly LinkDemand[];
  /** Whether a screen is shared: it has what is to be seen, and comes before faces. */
  sharing: boolean;
  /** Whether one speaks, so that the others look. */
  speaking: boolean;
  /** Share of all processor cores that encoding takes, 0 to 1. */
  encodeLoad: number;
  advice: BandwidthAdvice | null;
}

/** What earlier samples have led to. */
export interface BudgetState {
  /** Steps taken down for the processor's sake. */
  cpuSteps: number;
  cpu: Streak;
  /** What all links together may use, bits per second; Infinity while nothing is in the way. */
  uplink: number;
  network: Streak;
  /** What each link was told to use at most, bits per second. */
  granted: ReadonlyMap<string, number>;
  /** Samples for which one still counts as speaking. */
  speech: number;
}

/** How many samples in a row were bad or good, and how many good ones it takes to dare more. */
interface Streak {
  bad: number;
  good: number;
  patience: number;
}

export interface BudgetDecision {
  state: BudgetState;
  /** What whoever looks closest gets. */
  step: QualityStep;
  reason: BudgetReason;
  links: Map<string, LinkBudget>;
}

const pictures = {
  high: { maxBitrate: 1_200_000, maxFramerate: 25, lines: 720 },
  medium: { maxBitrate: 500_000, maxFramerate: 20, lines: 360 },
  low: { maxBitrate: 250_000, maxFramerate: 15, lines: 288 },
  very_low: { maxBitrate: 120_000, maxFramerate: 10, lines: 180 },
};

/** What a voice needs at most when the room asks for no less. */
const voiceBitrate = 64_000;
const screenSoundBitrate = 128_000;

/** Bad samples in a row before something is taken away: one is a hiccup. */
const badSamples = 3;
/** Good ones before something is given back, and at most after attempts that failed. */
const goodSamples = 5;
const mostPatience = 40;
/** Speaking goes on in pauses between sentences. */
const speechSamples = 5;
/** A picture that is shown a little larger than it is sent looks no worse. */
const enlargement = 1.25;

const unimpaired: Streak = { bad: 0, good: 0, patience: goodSamples };
export const initialBudget: BudgetState = { cpuSteps: 0, cpu: unimpaired, uplink: Infinity, network: unimpaired, granted: new Map(), speech: 0 };

/**
 * Shares uplink and processor among the peers of a mesh: in it each further peer is one more encoder and one more upload. Down it goes
 * after a few bad samples, up one step at a time after more good ones, and more slowly where going up has failed before.
 */
export function decideBudget(before: BudgetState, input: BudgetInput): BudgetDecision {
  const speech = input.speaking ? speechSamples : Math.max(0, before.speech - 1);
  const { cpu, cpuSteps } = watchCpu(before, input);
  const limits = limitsOf(cpuSteps, speech > 0, input);
  const wanted = new Map(input.links.map((link) => [link.id, wantedStep(limits, link)]));
  const { network, uplink } = watchNetwork(before, input, wanted);
  const steps = share(uplink, input, wanted);
  const best = bestOf([...steps.values()]);
  return {
    state: { cpuSteps, cpu, uplink, network, granted: new Map([...steps].map(([id, step]) => [id, needOf(step, input)])), speech },
    step: best,
    reason: reasonOf(best, limits, bestOf([...wanted.values()])),
    links: new Map([...steps].map(([id, step]) => [id, budgetOf(step, input)])),
  };
}

/** A step for each thing that may stand in the way. */
interface Limits {
  people: QualityStep;
  cpu: QualityStep;
  advice: QualityStep;
}

function limitsOf(cpuSteps: number, speaking: boolean, { links, sharing, advice }: BudgetInput): Limits {
  const viewers = links.filter(({ lines }) => lines > 0).length;
  const crowd = viewers <= 1 ? 0 : viewers <= 3 ? 1 : viewers <= 6 ? 2 : 3;
  const people = Math.max(crowd - (speaking && crowd > 0 ? 1 : 0), sharing ? 2 : 0);
  return {
    people: stepAt(people),
    // Taking the picture away altogether is not for a busy processor to decide.
    cpu: cpuSteps === 0 ? 'high' : stepAt(Math.min(3, people + cpuSteps)),
    advice: advice === null ? 'high' : advice.video_kbps <= 0 ? 'audio_only' : affordable(advice.video_kbps * 1_000),
  };
}

function affordable(bitrate: number): QualityStep {
  return (['high', 'medium', 'low'] as const).find((step) => pictures[step].maxBitrate <= bitrate) ?? 'very_low';
}

function wantedStep({ people, cpu, advice }: Limits, { lines }: LinkDemand): QualityStep {
  if (lines <= 0) return 'audio_only';
  const shown = (['very_low', 'low', 'medium'] as const).find((step) => lines <= pictures[step].lines * enlargement) ?? 'high';
  return worstOf([people, cpu, advice, shown]);
}

function watchCpu(before: BudgetState, { links, encodeLoad }: BudgetInput): { cpu: Streak; cpuSteps: number } {
  const isBad = encodeLoad > 0.4 || links.some(({ limitation }) => limitation === 'cpu');
  const cpu = count(before.cpu, isBad, encodeLoad < 0.25);
  if (cpu.bad >= badSamples) return { cpu: taken(cpu), cpuSteps: Math.min(3, before.cpuSteps + 1) };
  if (before.cpuSteps > 0 && cpu.good >= cpu.patience) return { cpu: given(cpu), cpuSteps: before.cpuSteps - 1 };
  return { cpu, cpuSteps: before.cpuSteps };
}

function watchNetwork(before: BudgetState, input: BudgetInput, wanted: Map<string, QualityStep>): { network: Streak; uplink: number } {
  const isBad = input.links.some(({ id, available, limitation, loss }) =>
    loss > 0.1 || (limitation === 'bandwidth' && available !== null && available < 0.8 * (before.granted.get(id) ?? 0)));
  const network = count(before.network, isBad, !isBad);
  if (network.bad >= badSamples) {
    const through = input.links.reduce((sum, { id, available }) => sum + Math.min(available ?? Infinity, before.granted.get(id) ?? 0), 0);
    return { network: taken(network), uplink: 0.9 * Math.min(through, before.uplink) };
  }
  if (before.uplink !== Infinity && network.good >= network.patience) {
    const more = before.uplink * 1.4;
    const total = [...wanted.values()].reduce((sum, step) => sum + needOf(step, input), 0);
    return { network: given(network), uplink: more >= total ? Infinity : more };
  }
  return { network, uplink: before.uplink };
}

function count(streak: Streak, isBad: boolean, isGood: boolean): Streak {
  return { ...streak, bad: isBad ? streak.bad + 1 : 0, good: isGood && !isBad ? streak.good + 1 : 0 };
}

/** What was too much once may be so again: each taking doubles the wait before the next giving, which halves it. */
function taken({ patience }: Streak): Streak {
  return { bad: 0, good: 0, patience: Math.min(mostPatience, patience * 2) };
}

function given({ patience }: Streak): Streak {
  return { bad: 0, good: 0, patience: Math.max(goodSamples, Math.floor(patience / 2)) };
}

/** Sound for all, then the shared screen for all, then faces, beginning with who sees them largest. */
function share(uplink: number, input: BudgetInput, wanted: Map<string, QualityStep>): Map<string, QualityStep> {
  const steps = new Map<string, QualityStep>(input.links.map(({ id }) => [id, 'audio_only']));
  let left = uplink - input.links.length * needOf('audio_only', input);
  for (const { id } of [...input.links].sort((a, b) => b.lines - a.lines)) {
    const best = qualitySteps.indexOf(wanted.get(id) ?? 'audio_only');
    const step = qualitySteps.find((one, index) => index >= best && pictureBitrate(one) <= left) ?? 'audio_only';
    steps.set(id, step);
    left -= pictureBitrate(step);
  }
  return steps;
}

function needOf(step: QualityStep, { sharing, links, advice }: BudgetInput): number {
  return voiceBudget(advice).maxBitrate + (sharing ? screenBudget(links.length, advice).maxBitrate : 0) + pictureBitrate(step);
}

function pictureBitrate(step: QualityStep): number {
  return step === 'audio_only' ? 0 : pictures[step].maxBitrate;
}

function budgetOf(step: QualityStep, { links, advice, sharing }: BudgetInput): LinkBudget {
  const camera: SenderBudget = step === 'audio_only'
    ? { active: false, maxBitrate: pictures.very_low.maxBitrate }
    : { active: true, ...pictures[step], maxBitrate: capped(pictures[step].maxBitrate, advice) };
  return {
    step,
    audio: voiceBudget(advice),
    camera,
    screen: { ...screenBudget(links.length, advice), active: sharing && advice?.video_kbps !== 0 },
    screenSound: { active: sharing, maxBitrate: advice === null ? screenSoundBitrate : voiceBudget(advice).maxBitrate },
  };
}

function voiceBudget(advice: BandwidthAdvice | null): SenderBudget {
  return { active: true, maxBitrate: advice === null ? voiceBitrate : Math.max(6_000, advice.audio_kbps * 1_000) };
}

/** Text on a shared screen has to stay readable: frames give way before pixels do. */
function screenBudget(peers: number, advice: BandwidthAdvice | null): SenderBudget {
  const roomy = peers <= 3;
  return { active: true, maxBitrate: capped(roomy ? 1_500_000 : 800_000, advice), maxFramerate: roomy ? 15 : 8 };
}

function capped(bitrate: number, advice: BandwidthAdvice | null): number {
  return advice === null ? bitrate : Math.max(1_000, Math.min(bitrate, advice.video_kbps * 1_000));
}

function reasonOf(best: QualityStep, { people, cpu, advice }: Limits, wanted: QualityStep): BudgetReason {
  if (best === 'high') return 'none';
  if (best !== wanted) return 'uplink';
  if (best === advice) return 'advice';
  if (best === people) return 'people';
  return best === cpu ? 'cpu' : 'small';
}

function stepAt(index: number): QualityStep {
  return qualitySteps[index] ?? 'audio_only';
}

function bestOf(steps: QualityStep[]): QualityStep {
  return stepAt(Math.min(...steps.map((step) => qualitySteps.indexOf(step)), steps.length === 0 ? 0 : qualitySteps.length - 1));
}

function worstOf(steps: QualityStep[]): QualityStep {
  return stepAt(Math.max(...steps.map((step) => qualitySteps.indexOf(step))));
}

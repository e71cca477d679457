import type { BandwidthAdvice } from '../signaling/messages.ts';
import { TypedEvents } from '../typedEvents.ts';
import type { LinkQuality } from './linkStats.ts';
import { decideBudget, initialBudget, type BudgetReason, type BudgetState, type QualityStep } from './mediaBudget.ts';
import type { LinkReading, PeerLink } from './peerLink.ts';

export interface MonitorEvents {
  /** How each link did in the last interval, by participant. */
  quality: ReadonlyMap<string, LinkQuality>;
  /** What one sends has changed, and why it is not more. */
  budget: { step: QualityStep; reason: BudgetReason };
  /** Nothing comes over any link any more: it is one's own network. */
  cutOff: undefined;
}

const listenMs = 500;
const readEvery = 4;
/** Louder than this is speech and not a room. */
const speechLevel = 0.03;

/** Looks after the links of a mesh: hears twice a second whether they live, and every two seconds reads how they are and shares what there is. */
export class MeshMonitor extends TypedEvents<MonitorEvents> {
  readonly #links: () => PeerLink[];
  #timer: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;
  #isReading = false;
  #readings = new Map<string, LinkReading>();
  #state: BudgetState = initialBudget;
  #announced = '';
  #advice: BandwidthAdvice | null = null;
  #sharing = false;

  constructor(links: () => PeerLink[]) {
    super();
    this.#links = links;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#tick(), listenMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** What the room asks of each sender; null lifts it. */
  advise(advice: BandwidthAdvice | null): void {
    this.#advice = advice;
    this.share();
  }

  setSharing(sharing: boolean): void {
    if (this.#sharing === sharing) return;
    this.#sharing = sharing;
    this.share();
  }

  /** Shares what there is among the links as they are now, by what is known so far. */
  share(): void {
    const links = this.#links();
    // Only a new reading is another sample: what came before it is counted once.
    if (links.length > 0) this.#apply(decideBudget(this.#state, this.#input(links)));
  }

  #tick(): void {
    const [links, now] = [this.#links(), performance.now()];
    const lost = links.filter((link) => link.listen(now)).length;
    if (lost > 0 && !links.some((link) => link.works)) this.emit('cutOff', undefined);
    for (const link of links) link.signOfLife();
    if (++this.#ticks % readEvery === 0) void this.#read();
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const links = this.#links();
      const readings = await Promise.all(links.map(async (link) => [link.remoteId, await link.read()] as const));
      this.#readings = new Map(readings.flatMap(([id, reading]) => (reading === undefined ? [] : [[id, reading]])));
      if (this.#readings.size === 0) return;
      const decision = decideBudget(this.#state, this.#input(this.#links()));
      this.#state = decision.state;
      this.#apply(decision);
      this.emit('quality', new Map([...this.#readings].map(([id, { quality }]) => [id, quality])));
    } finally {
      this.#isReading = false;
    }
  }

  #input(links: PeerLink[]): Parameters<typeof decideBudget>[1] {
    const readings = [...this.#readings.values()];
    return {
      links: links.map(({ remoteId, linesShownThere }) => {
        const { available = null, limitation = 'none', loss = 0 } = this.#readings.get(remoteId)?.load ?? {};
        return { id: remoteId, lines: linesShownThere, available, limitation, loss };
      }),
      sharing: this.#sharing,
      speaking: readings.some(({ ownLevel }) => (ownLevel ?? 0) > speechLevel),
      encodeLoad: readings.reduce((sum, { load }) => sum + load.encoding, 0) / (navigator.hardwareConcurrency || 1),
      advice: this.#advice,
    };
  }

  #apply({ links, step, reason }: ReturnType<typeof decideBudget>): void {
    for (const link of this.#links()) {
      const budget = links.get(link.remoteId);
      if (budget !== undefined) void link.keepTo(budget);
    }
    if (links.size === 0 || this.#announced === `${step} ${reason}`) return;
    this.#announced = `${step} ${reason}`;
    this.emit('budget', { step, reason });
  }
}

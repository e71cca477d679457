/** Nothing for this long, and the way to the peer is taken for lost: sound comes 50 times a second, a sign of life twice. */
const patienceMs = 1_000;
/** What a way takes at most that was agreed on anew: descriptions and candidates cross, and checks. */
const newWayMs = 3_000;
/** A page that was itself asleep for so long has heard nothing for that reason. */
const sleptMs = 1_000;

/** Notices that nothing comes over a link any more, long before ICE does (RFC 7675 allows 30 s). Times are of performance.now(). */
export class Silence {
  #heardAt: number | undefined;
  #lookedAt: number | undefined;

  heard(now: number): void {
    this.#heardAt = now;
  }

  /** Another way is being tried: whoever was heard up to now has longer to be heard again. */
  excuse(now: number): void {
    if (this.#heardAt !== undefined) this.#heardAt = now + newWayMs;
  }

  /** To be asked about twice a second: whether the link has fallen silent since it was heard. Says so once. */
  hasBegun(now: number): boolean {
    const slept = this.#lookedAt !== undefined && now - this.#lookedAt > sleptMs;
    this.#lookedAt = now;
    if (this.#heardAt === undefined) return false;
    if (slept) this.#heardAt = now;
    if (now - this.#heardAt < patienceMs) return false;
    this.#heardAt = undefined;
    return true;
  }
}

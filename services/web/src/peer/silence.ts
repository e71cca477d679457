/** Nothing for this long, and the way to the peer is taken for lost: a voice comes 50 times a second, a silent one and a sign of life twice. */
const leastPatienceMs = 1_000;
/** Where the way was open all along: two machines that are full hear each other late, and looking for another way fills them more. */
const mostPatienceMs = 8_000;
/** For so long a false alarm is remembered. */
const memoryMs = 60_000;
/** What a way takes at most that was agreed on anew: descriptions and candidates cross, and checks. */
const newWayMs = 3_000;
/** A page that was itself asleep for so long has heard nothing for that reason. */
const sleptMs = 1_000;

/** Notices that nothing comes over a link any more, long before ICE does (RFC 7675 allows 30 s). Times are of performance.now(). */
export class Silence {
  #heardAt: number | undefined;
  #patienceMs = leastPatienceMs;
  /** It has begun, and nothing has been done about it yet. */
  #isUnanswered = false;
  #misledAt = -Infinity;
  #lookedAt: number | undefined;

  heard(now: number): void {
    if (this.#isUnanswered) {
      this.#isUnanswered = false;
      this.#misledAt = now;
      this.#patienceMs = Math.min(mostPatienceMs, this.#patienceMs * 2);
    }
    this.#heardAt = now;
  }

  /** Another way is being tried: whoever was heard up to now has longer to be heard again. */
  excuse(now: number): void {
    this.#isUnanswered = false;
    if (this.#heardAt !== undefined) this.#heardAt = now + newWayMs;
  }

  /** To be asked about twice a second: whether the link has fallen silent since it was heard. Says so once. */
  hasBegun(now: number): boolean {
    const slept = this.#lookedAt !== undefined && now - this.#lookedAt > sleptMs;
    this.#lookedAt = now;
    if (this.#heardAt === undefined) return false;
    if (slept) this.#heardAt = now;
    if (now - this.#misledAt > memoryMs) this.#patienceMs = leastPatienceMs;
    if (now - this.#heardAt < this.#patienceMs) return false;
    this.#heardAt = undefined;
    this.#isUnanswered = true;
    return true;
  }
}

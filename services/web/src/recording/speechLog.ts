/** Somebody's turn to speak; milliseconds since the recording began. */
export interface SpeechTurn {
  participant_id: string;
  name: string;
  start_ms: number;
  end_ms: number;
}

/** Pauses for breath do not end a turn. */
const pauseMs = 700;
/** What the server takes at once. */
const mostTurns = 100;

/** Notes who speaks while the whole meeting is recorded, for the chapters of the recording. */
export class SpeechLog {
  readonly #open = new Map<string, SpeechTurn>();
  #done: SpeechTurn[] = [];

  /** Told now and then who speaks at this moment. */
  heard(atMs: number, speakers: ReadonlyMap<string, string>): void {
    for (const [id, turn] of this.#open) {
      if (speakers.has(id) || atMs - turn.end_ms <= pauseMs) continue;
      this.#done.push(turn);
      this.#open.delete(id);
    }
    for (const [id, name] of speakers) {
      const turn = this.#open.get(id);
      if (turn === undefined) this.#open.set(id, { participant_id: id, name, start_ms: Math.round(atMs), end_ms: Math.round(atMs) });
      else turn.end_ms = Math.round(atMs);
    }
  }

  /** Turns that are over, with `all` also those that go on; each is given out once. */
  take(all = false): SpeechTurn[] {
    if (all) {
      this.#done.push(...this.#open.values());
      this.#open.clear();
    }
    const turns = this.#done.slice(0, mostTurns).filter(({ start_ms: start, end_ms: end }) => end > start);
    this.#done = this.#done.slice(mostTurns);
    return turns;
  }
}

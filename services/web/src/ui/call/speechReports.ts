import { rest } from '../../api/rest.ts';
import { SpeechLog } from '../../recording/speechLog.ts';
import type { CallModel } from './callModel.ts';

const lookMs = 250;
/** A recording waits no longer than this for its chapters. */
const patienceMs = 3_000;
/** The server takes one report in ten seconds. */
const reportMs = 10_500;

/** Tells the server who speaks while this browser records the meeting; the chapters of the player come of it. Without it a recording has none. */
export class SpeechReports {
  readonly #call: CallModel;
  readonly #recordingId: string;
  readonly #log = new SpeechLog();
  readonly #began = performance.now();
  readonly #timers: ReturnType<typeof setInterval>[];

  constructor(call: CallModel, recordingId: string) {
    this.#call = call;
    this.#recordingId = recordingId;
    this.#timers = [setInterval(() => this.#look(), lookMs), setInterval(() => void this.#report(false), reportMs)];
  }

  /** To be waited for before the recording is sealed, which takes no more. */
  async finish(): Promise<void> {
    this.#timers.forEach((timer) => clearInterval(timer));
    this.#look();
    await Promise.race([this.#report(true), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
  }

  #look(): void {
    const { voices, participants, id, name } = this.#call;
    const names = new Map([[id.value, name], ...participants.value.map((one) => [one.id, one.name] as const)]);
    const speakers = new Map([...voices.speaking.value].flatMap((one) => {
      const known = names.get(one);
      return known === undefined ? [] : [[one, known] as const];
    }));
    this.#log.heard(performance.now() - this.#began, speakers);
  }

  async #report(all: boolean): Promise<void> {
    const speech = this.#log.take(all);
    if (speech.length === 0) return;
    // Chapters are a help and no part of the recording: it goes on without those that are lost.
    await rest.speech(this.#recordingId, speech, await this.#call.token()).catch(() => undefined);
  }
}

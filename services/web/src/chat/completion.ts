import type { Suggestions } from '../api/rest.ts';

/** What `completed` adds to the line; empty where it does not begin with it, and where there is no line yet. */
export function ghostOf(line: string, completed: string | null): string {
  if (completed === null || line === '' || !completed.toLocaleLowerCase().startsWith(line.toLocaleLowerCase())) return '';
  return completed.slice(line.length);
}

/** A line with a word at its end or a space behind one, or with digits that may be a word on a telephone's keypad. */
const COMPLETABLE = /\p{L}\p{M}* ?$|(?:^|\s)[2-9]{3,}$/u;

export interface CompletionOptions {
  ask: (prefix: string, signal: AbortSignal) => Promise<Suggestions>;
  /** `ghost` is what to show behind the line, `completed` the whole line with it; both empty when there is nothing. */
  show: (ghost: string, completed: string) => void;
  delayMs?: number;
}

/** Fetches the rest of the word, or the word that was meant, while one types: debounced, and an answer to what is no longer there is dropped. */
export class Completion {
  readonly #options: CompletionOptions;
  #line = '';
  #completed: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  constructor(options: CompletionOptions) {
    this.#options = options;
  }

  /** `line` is the text up to the caret; empty when there is nothing to complete at the caret. */
  typed(line: string): void {
    this.#line = line;
    this.#request?.abort();
    clearTimeout(this.#timer);
    // What was suggested stays as long as the typing agrees with it: no flicker between two letters.
    const ghost = ghostOf(line, this.#completed);
    if (ghost === '') this.#completed = null;
    this.#options.show(ghost, ghost === '' ? '' : line + ghost);
    if (COMPLETABLE.test(line)) this.#timer = setTimeout(() => void this.#ask(), this.#options.delayMs ?? 80);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
  }

  async #ask(): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    const line = this.#line;
    try {
      const { suggestion, replaced } = await this.#options.ask(line.slice(-200), request.signal);
      if (request.signal.aborted) return;
      this.#completed = suggestion === null ? null : line.slice(0, line.length - replaced) + suggestion;
      const ghost = ghostOf(line, this.#completed);
      // A word that does not begin with what was typed is shown whole, and takes its place.
      if (ghost !== '') this.#options.show(ghost, line + ghost);
      else if (suggestion === null || this.#completed === null) this.#options.show('', '');
      else this.#options.show(` → ${suggestion}`, this.#completed);
    } catch {
      // Typing goes on without suggestions.
    }
  }
}

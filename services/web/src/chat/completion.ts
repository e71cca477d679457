import type { Suggestions } from '../api/rest.ts';

/** What is still missing of `suggestion` after what was typed: the service completes the last word of the line. */
export function ghostOf(line: string, suggestion: string | null): string {
  if (suggestion === null) return '';
  const word = /[\p{L}\p{M}\p{N}'’-]+$/u.exec(line)?.[0] ?? '';
  if (word === '' || !suggestion.toLocaleLowerCase().startsWith(word.toLocaleLowerCase())) return '';
  return suggestion.slice(word.length);
}

export interface CompletionOptions {
  ask: (prefix: string, signal: AbortSignal) => Promise<Suggestions>;
  show: (ghost: string) => void;
  delayMs?: number;
}

/** Fetches the rest of the word while one types: debounced, and an answer to what is no longer there is dropped. */
export class Completion {
  readonly #options: CompletionOptions;
  #line = '';
  #suggestion: string | null = null;
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
    const ghost = ghostOf(line, this.#suggestion);
    if (ghost === '') this.#suggestion = null;
    this.#options.show(ghost);
    if (/[\p{L}\p{N}]$/u.test(line)) this.#timer = setTimeout(() => void this.#ask(), this.#options.delayMs ?? 80);
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
      const { suggestion } = await this.#options.ask(line.slice(-200), request.signal);
      if (request.signal.aborted) return;
      this.#suggestion = suggestion;
      this.#options.show(ghostOf(line, suggestion));
    } catch {
      // Typing goes on without suggestions.
    }
  }
}

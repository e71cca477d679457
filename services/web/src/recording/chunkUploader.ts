import { Problem, problemOf } from '../api/problem.ts';
import { bearer } from '../api/rest.ts';
import { backoffMs } from '../signaling/backoff.ts';

export interface ChunkUploaderOptions {
  recordingId: string;
  token: () => Promise<string>;
  fetch?: typeof globalThis.fetch;
  wait?: (milliseconds: number) => Promise<void>;
  /** Told after each acknowledged upload: bytes stored, bytes still kept here. */
  progress?: (stored: number, waiting: number) => void;
}

/** At most this much in one request; the API takes 64 MiB. */
const requestBytes = 8 * 1024 * 1024;
/** Of the refusals with a status below 500, these pass by themselves or by asking for the offset. */
const passing = new Set(['upload_offset', 'upload_busy', 'token_expired', 'too_many_requests']);

/**
 * Uploads a recording in order while it is being made. What the server has not acknowledged as durable stays here; after a failure
 * the server is asked how far it got, and the upload goes on from there.
 */
export class ChunkUploader {
  readonly #options: Required<Pick<ChunkUploaderOptions, 'fetch' | 'wait'>> & ChunkUploaderOptions;
  readonly #path: string;
  /** Not yet acknowledged, beginning at byte `#offset` of the recording. */
  #waiting: Blob = new Blob([]);
  #offset = 0;
  #running: Promise<void> | undefined;

  constructor(options: ChunkUploaderOptions) {
    this.#options = {
      fetch: (input, init) => globalThis.fetch(input, init),
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      ...options,
    };
    this.#path = `/api/v1/records/${options.recordingId}`;
  }

  get stored(): number {
    return this.#offset;
  }

  append(chunk: Blob): void {
    this.#waiting = new Blob([this.#waiting, chunk]);
    this.#run().catch(() => undefined);
  }

  /** Resolves when everything appended is durable; throws a `Problem` when the server will never take it. */
  async flush(): Promise<void> {
    while (this.#waiting.size > 0) await this.#run();
  }

  #run(): Promise<void> {
    this.#running ??= this.#drain().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #drain(): Promise<void> {
    let failures = 0;
    while (this.#waiting.size > 0) {
      try {
        await this.#sendNext();
        failures = 0;
      } catch (error) {
        if (isHopeless(error)) throw error;
        await this.#options.wait(backoffMs(failures++));
        await this.#catchUp().catch((reason: unknown) => {
          if (isHopeless(reason)) throw reason as Error;
        });
      }
    }
  }

  async #sendNext(): Promise<void> {
    const body = this.#waiting.slice(0, requestBytes);
    const response = await this.#options.fetch(this.#path, {
      method: 'PATCH',
      headers: {
        ...bearer(await this.#options.token()),
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': String(this.#offset),
      },
      body,
    });
    if (!response.ok) throw await problemOf(response);
    const before = this.#offset;
    this.#acknowledge(Number(response.headers.get('Upload-Offset') ?? this.#offset + body.size));
    // Taken, but none of it durable: the same again at once would bring the same.
    if (this.#offset === before) throw new Error('the server stored nothing');
  }

  async #catchUp(): Promise<void> {
    const response = await this.#options.fetch(this.#path, { method: 'HEAD', headers: bearer(await this.#options.token()) });
    if (!response.ok) throw await problemOf(response);
    const stored = response.headers.get('Upload-Offset');
    if (stored !== null) this.#acknowledge(Number(stored));
  }

  #acknowledge(stored: number): void {
    const fresh = stored - this.#offset;
    if (!Number.isSafeInteger(fresh) || fresh < 0 || fresh > this.#waiting.size) throw new Error(`the server claims ${stored} bytes`);
    this.#waiting = this.#waiting.slice(fresh);
    this.#offset = stored;
    this.#options.progress?.(stored, this.#waiting.size);
  }
}

function isHopeless(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return error.status === 507 || (error.status >= 400 && error.status < 500 && !passing.has(error.code));
}

import { Problem, problemOf } from '../api/problem.ts';
import { backoffMs } from '../signaling/backoff.ts';
import type { ChunkStore } from './chunkStore.ts';

export interface ChunkUploaderOptions {
  recordingId: string;
  uploadKey: string;
  chunks: ChunkStore;
  fetch?: typeof globalThis.fetch;
  wait?: (milliseconds: number) => Promise<void>;
}

/** At most this much in one request. */
const requestBytes = 8 * 1024 * 1024;
/** Of the refusals with a status below 500, these pass by themselves or by asking for the offset. */
const passing = new Set(['upload_offset', 'upload_busy', 'too_many_requests']);

/**
 * Uploads a recording in order while it is being made, by tus 1.0. After a failure the server is asked how far it got, and the upload
 * goes on from there, also where that is less than it said before: everything is kept here until the recording is sealed.
 */
export class ChunkUploader {
  readonly #options: Required<ChunkUploaderOptions>;
  readonly #path: string;
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

  /** Says that there are more chunks; throws a `Problem` when the server will never take them. */
  push(): Promise<void> {
    return this.#run();
  }

  /** Asks how far an earlier page got; throws a `Problem` when the server takes no more. */
  async resume(): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        await this.#catchUp();
        return;
      } catch (error) {
        if (isHopeless(error)) throw error;
        await this.#options.wait(backoffMs(failures));
      }
    }
  }

  /** Resolves when every chunk is durable; throws a `Problem` when the server will never take it. */
  async flush(): Promise<void> {
    while (this.#missing > 0) await this.#run();
  }

  get #missing(): number {
    return this.#options.chunks.size - this.#offset;
  }

  #run(): Promise<void> {
    this.#running ??= this.#drain().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #drain(): Promise<void> {
    let failures = 0;
    while (this.#missing > 0) {
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
    const response = await this.#options.fetch(this.#path, {
      method: 'PATCH',
      headers: { ...this.#headers, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(this.#offset) },
      body: await this.#options.chunks.read(this.#offset, requestBytes),
    });
    if (!response.ok) throw await problemOf(response);
    const before = this.#offset;
    this.#goTo(response);
    // Taken, but none of it durable: the same again at once would bring the same.
    if (this.#offset === before) throw new Error('the server stored nothing');
  }

  async #catchUp(): Promise<void> {
    const response = await this.#options.fetch(this.#path, { method: 'HEAD', headers: this.#headers });
    if (!response.ok) throw await problemOf(response);
    this.#goTo(response);
  }

  #goTo(response: Response): void {
    const stored = Number(response.headers.get('Upload-Offset') ?? NaN);
    if (!Number.isSafeInteger(stored) || stored < 0 || stored > this.#options.chunks.size) throw new Error(`the server claims ${stored} bytes`);
    this.#offset = stored;
  }

  get #headers(): Record<string, string> {
    return { 'Authorization': `Upload ${this.#options.uploadKey}`, 'Tus-Resumable': '1.0.0' };
  }
}

function isHopeless(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return error.status === 507 || (error.status >= 400 && error.status < 500 && !passing.has(error.code));
}

import { rest, type BrowserSpan } from '../api/rest.ts';
import { newSpanId, newTraceContext, type TraceContext } from '../signaling/traceContext.ts';

/** Times one join from the click, and posts its two spans; losing them costs nothing but the measurement. */
export class JoinTelemetry {
  readonly trace: TraceContext = newTraceContext();
  readonly #startedAt = Date.now();
  readonly #token: () => Promise<string>;
  #joined = false;
  #firstMedia = false;

  constructor(token: () => Promise<string>) {
    this.#token = token;
  }

  joined(): void {
    if (this.#joined) return;
    this.#joined = true;
    void this.#post({ name: 'join', span_id: this.trace.spanId });
  }

  /** The first remote sound or picture is there. Later ones do not count. */
  firstMedia(): void {
    if (this.#firstMedia || Date.now() - this.#startedAt > 600_000) return;
    this.#firstMedia = true;
    void this.#post({ name: 'first_media', span_id: newSpanId(), parent_span_id: this.trace.spanId });
  }

  async #post(span: Pick<BrowserSpan, 'name' | 'span_id' | 'parent_span_id'>): Promise<void> {
    const ended = { ...span, trace_id: this.trace.traceId, start_unix_ms: this.#startedAt, end_unix_ms: Date.now() };
    try {
      await rest.spans([ended], await this.#token());
    } catch {
      // Measurements must not disturb the call.
    }
  }
}

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BrowserSpan } from '../api/rest.ts';
import { JoinTelemetry } from './joinTelemetry.ts';

describe('join telemetry', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('posts first_media once, below join', async () => {
    const posted: BrowserSpan[] = [];
    vi.stubGlobal('fetch', (_path: string, init: { body: string }) => {
      posted.push(...(JSON.parse(init.body) as { spans: BrowserSpan[] }).spans);
      return Promise.resolve(new Response(null, { status: 202 }));
    });
    const telemetry = new JoinTelemetry(() => Promise.resolve('token'));
    telemetry.joined();
    telemetry.firstMedia();
    telemetry.firstMedia();
    await vi.waitFor(() => expect(posted).toHaveLength(2));

    const [join, media] = posted;
    expect(join).toMatchObject({ name: 'join', trace_id: telemetry.trace.traceId, span_id: telemetry.trace.spanId });
    expect(join).not.toHaveProperty('parent_span_id');
    expect(media).toMatchObject({ name: 'first_media', trace_id: telemetry.trace.traceId, parent_span_id: join?.span_id });
    expect(media?.span_id).toMatch(/^[0-9a-f]{16}$/);
    expect(media?.span_id).not.toBe(join?.span_id);
  });
});

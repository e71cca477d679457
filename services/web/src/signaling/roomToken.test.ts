import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffMs } from './backoff.ts';
import { RoomToken } from './roomToken.ts';
import { newTraceContext } from './traceContext.ts';

describe('room token', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is renewed a minute before it ends', async () => {
    const renew = vi.fn((old: string) => Promise.resolve({ token: `${old}+`, expires_at: Date.now() + 600_000 }));
    const token = new RoomToken({ token: 'a', expires_at: Date.now() + 600_000 }, renew);
    await vi.advanceTimersByTimeAsync(539_000);
    expect(renew).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await token.fresh()).toBe('a+');
    token.stop();
  });

  it('is renewed on demand after a long sleep, once for all who ask', async () => {
    const renew = vi.fn(() => Promise.resolve({ token: 'b', expires_at: Date.now() + 600_000 }));
    const token = new RoomToken({ token: 'a', expires_at: Date.now() + 600_000 }, renew);
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(await Promise.all([token.fresh(), token.fresh()])).toEqual(['b', 'b']);
    expect(renew).toHaveBeenCalledTimes(1);
    token.stop();
  });

  it('is offered as it is when it cannot be renewed, and tried again', async () => {
    const renew = vi.fn(() => Promise.reject(new Error('offline')));
    const token = new RoomToken({ token: 'a', expires_at: Date.now() + 10_000 }, renew);
    expect(await token.fresh()).toBe('a');
    await vi.advanceTimersByTimeAsync(31_000);
    expect(renew.mock.calls.length).toBeGreaterThan(1);
    token.stop();
  });
});

describe('back-off', () => {
  it('grows, is jittered and stays under ten seconds', () => {
    expect(backoffMs(0, () => 0)).toBe(125);
    expect(backoffMs(0, () => 1)).toBe(500);
    expect(backoffMs(3, () => 1)).toBe(4_000);
    expect(backoffMs(50, () => 1)).toBe(10_000);
  });
});

describe('trace context', () => {
  it('has the lengths of W3C Trace Context', () => {
    expect(newTraceContext()).toEqual({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string, spanId: expect.stringMatching(/^[0-9a-f]{16}$/) as string });
  });
});

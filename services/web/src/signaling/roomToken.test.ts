import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffMs } from './backoff.ts';
import { RoomToken, type IssuedToken } from './roomToken.ts';
import { newTraceContext } from './traceContext.ts';

describe('room token', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is renewed when half of its life is over', async () => {
    const renew = vi.fn((old: string) => Promise.resolve({ token: `${old}+`, expires_at: Date.now() + 600_000 }));
    const token = new RoomToken({ token: 'a', expires_at: Date.now() + 600_000 }, renew);
    await vi.advanceTimersByTimeAsync(299_000);
    expect(renew).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await token.fresh()).toBe('a+');
    token.stop();
  });

  it.each([-3_600_000, 3_600_000])('is renewed in time by a clock that is %i ms off', async (offMs) => {
    const issue = (): IssuedToken => {
      const now = Math.floor((Date.now() - offMs) / 1000);
      return { token: `e30.${btoa(JSON.stringify({ iat: now, exp: now + 600 }))}.`, expires_at: (now + 600) * 1000 };
    };
    const renew = vi.fn(() => Promise.resolve(issue()));
    const token = new RoomToken(issue(), renew);
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(renew).toHaveBeenCalledTimes(3);
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

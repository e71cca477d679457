import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Reachability } from './reachability.ts';

const ada = { id: 'p-ada', away: false };

describe('a participant', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('has as long as connections take', () => {
    const reach = new Reachability();
    reach.present([ada]);
    vi.advanceTimersByTime(14_000);
    expect(reach.of('p-ada')).toBe('fine');
    vi.advanceTimersByTime(2_000);
    expect(reach.of('p-ada')).toBe('blocked');
    expect(reach.anyBlocked.value).toBe(true);
  });

  it('is lost when the connection breaks, blocked when none comes back, and fine when one does', () => {
    const reach = new Reachability();
    reach.present([ada]);
    reach.changed('p-ada', true);
    vi.advanceTimersByTime(60_000);
    expect(reach.of('p-ada')).toBe('fine');
    reach.changed('p-ada', false);
    expect(reach.of('p-ada')).toBe('lost');
    vi.advanceTimersByTime(16_000);
    expect(reach.of('p-ada')).toBe('blocked');
    reach.changed('p-ada', true);
    expect(reach.of('p-ada')).toBe('fine');
  });

  it('who was reached once is no sign of a network that blocks calls', () => {
    const reach = new Reachability();
    reach.present([ada]);
    reach.changed('p-ada', true);
    reach.changed('p-ada', false);
    vi.advanceTimersByTime(16_000);
    expect(reach.of('p-ada')).toBe('blocked');
    expect(reach.anyBlocked.value).toBe(false);
  });

  it('is not waited for while away, and has as long as connections take when back', () => {
    const reach = new Reachability();
    reach.present([ada]);
    vi.advanceTimersByTime(14_000);
    reach.present([{ ...ada, away: true }]);
    reach.changed('p-ada', false);
    vi.advanceTimersByTime(60_000);
    expect(reach.anyBlocked.value).toBe(false);
    reach.present([ada]);
    vi.advanceTimersByTime(14_000);
    expect(reach.anyBlocked.value).toBe(false);
    vi.advanceTimersByTime(2_000);
    expect(reach.anyBlocked.value).toBe(true);
  });

  it('is forgotten with all that was known when gone', () => {
    const reach = new Reachability();
    reach.present([ada]);
    vi.advanceTimersByTime(16_000);
    reach.present([]);
    expect(reach.anyBlocked.value).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { Silence } from './silence.ts';

describe('silence', () => {
  /** Looks twice a second; answers when it was said to have begun. */
  function watch(silence: Silence, from: number, to: number): number[] {
    const begun: number[] = [];
    for (let now = from; now <= to; now += 500) if (silence.hasBegun(now)) begun.push(now);
    return begun;
  }

  it('begins a second after the last sound, and is told once', () => {
    const silence = new Silence();
    silence.heard(1_000);
    expect(watch(silence, 1_000, 20_000)).toEqual([2_000]);
  });

  it('is excused for a while where another way is tried, and only then', () => {
    const silence = new Silence();
    silence.heard(0);
    silence.excuse(500);
    expect(watch(silence, 500, 20_000)).toEqual([4_500]);
    silence.excuse(20_000);
    expect(watch(silence, 20_000, 40_000)).toEqual([]);
  });

  it('is not told of who was never heard', () => {
    expect(watch(new Silence(), 0, 60_000)).toEqual([]);
  });

  it('may begin again after sound', () => {
    const silence = new Silence();
    silence.heard(0);
    watch(silence, 0, 5_000);
    silence.excuse(4_000);
    silence.heard(5_000);
    expect(watch(silence, 5_500, 20_000)).toEqual([6_000]);
  });

  it('is waited for longer after it ended by itself, and for a minute', () => {
    const silence = new Silence();
    silence.heard(0);
    expect(watch(silence, 0, 2_000)).toEqual([1_000]);
    silence.heard(2_000);
    expect(watch(silence, 2_500, 10_000)).toEqual([4_000]);
    silence.heard(10_000);
    expect(watch(silence, 10_500, 20_000)).toEqual([14_000]);
    silence.excuse(20_000);
    silence.heard(20_500);
    silence.heard(75_000);
    expect(watch(silence, 75_000, 80_000)).toEqual([76_000]);
  });

  it('is never waited for longer than eight seconds', () => {
    const silence = new Silence();
    for (let now = 0; now < 60_000; now += 10_000) {
      silence.heard(now);
      watch(silence, now, now + 9_500);
    }
    silence.heard(60_000);
    expect(watch(silence, 60_000, 70_000)).toEqual([68_000]);
  });

  it('is not what a sleeping page hears', () => {
    const silence = new Silence();
    silence.heard(0);
    expect(silence.hasBegun(500)).toBe(false);
    expect(silence.hasBegun(30_000)).toBe(false);
    silence.heard(30_100);
    expect(watch(silence, 30_500, 31_000)).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { announce, announcements, toast, toasts } from './toasts.ts';

describe('what is said in passing', () => {
  const shown = (): string[] => toasts.value.map(({ text }) => text);
  const said = (): string[] => announcements.value.map(({ text }) => text);
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.runAllTimers();
    vi.useRealTimers();
  });

  it('is told to screen readers whole, also what no longer fits on the page', () => {
    for (const name of ['Ada', 'Grace', 'Edsger', 'Barbara']) toast(`${name} joined`);
    expect(shown()).toEqual(['Grace joined', 'Edsger joined', 'Barbara joined']);
    expect(said()).toEqual(['Ada joined', 'Grace joined', 'Edsger joined', 'Barbara joined']);
  });

  it('is shown once and told again when it happens twice', () => {
    toast('Ada left');
    const [first] = announcements.value;
    toast('Ada left');
    expect(shown()).toEqual(['Ada left']);
    expect(said()).toEqual(['Ada left', 'Ada left']);
    expect(announcements.value[1]?.id).not.toBe(first?.id);
  });

  it('is told and not shown where the page shows it elsewhere, and goes', () => {
    announce('Reconnecting');
    expect([shown(), said()]).toEqual([[], ['Reconnecting']]);
    vi.advanceTimersByTime(6_000);
    expect(said()).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { decideBudget, initialBudget, type BudgetDecision, type BudgetInput, type BudgetState, type LinkDemand } from './mediaBudget.ts';

const link = (id: string, change: Partial<LinkDemand> = {}): LinkDemand => ({ id, lines: Infinity, available: 5_000_000, limitation: 'none', loss: 0, ...change });
const links = (count: number, change: Partial<LinkDemand> = {}): LinkDemand[] => Array.from({ length: count }, (_, i) => link(`p-${i}`, change));
const input = (change: Partial<BudgetInput> = {}): BudgetInput => ({ links: links(1), sharing: false, speaking: false, encodeLoad: 0.1, advice: null, ...change });

/** The same sample so many times in a row. */
function after(samples: number, change: Partial<BudgetInput>, from: BudgetState = initialBudget): BudgetDecision {
  let decision = decideBudget(from, input(change));
  for (let i = 1; i < samples; i++) decision = decideBudget(decision.state, input(change));
  return decision;
}

describe('the media budget', () => {
  it.each([[1, 'high', 'none'], [2, 'medium', 'people'], [3, 'medium', 'people'], [4, 'low', 'people'], [6, 'low', 'people'], [7, 'very_low', 'people'], [30, 'very_low', 'people']] as const)(
    'for %i others is %s', (count, step, reason) => {
      expect(after(1, { links: links(count) })).toMatchObject({ step, reason });
    });

  it('sends no picture to who does not show it, and counts them not', () => {
    const decision = after(1, { links: [link('looks'), ...links(6, { lines: 0 })] });
    expect(decision.step).toBe('high');
    expect(decision.links.get('p-3')).toMatchObject({ step: 'audio_only', camera: { active: false }, audio: { active: true, maxBitrate: 64_000 } });
  });

  it.each([[120, 'very_low'], [225, 'very_low'], [226, 'low'], [360, 'low'], [400, 'medium'], [720, 'high']] as const)('for a tile of %i lines is %s', (lines, step) => {
    expect(after(1, { links: [link('a', { lines })] }).links.get('a')?.step).toBe(step);
  });

  it('says that a small tile needs no more', () => {
    expect(after(1, { links: [link('a', { lines: 100 })] })).toMatchObject({ step: 'very_low', reason: 'small' });
  });

  it('gives who speaks a step more, also in the pauses of speech', () => {
    const speaking = after(1, { links: links(7), speaking: true });
    expect(speaking.step).toBe('low');
    expect(after(4, { links: links(7) }, speaking.state).step).toBe('low');
    expect(after(5, { links: links(7) }, speaking.state).step).toBe('very_low');
  });

  it('puts a shared screen before faces', () => {
    const decision = after(1, { sharing: true });
    expect(decision.links.get('p-0')).toMatchObject({ step: 'low', screen: { active: true, maxBitrate: 1_500_000 }, screenSound: { active: true } });
    expect(after(1, {}).links.get('p-0')).toMatchObject({ screen: { active: false }, screenSound: { active: false } });
  });

  describe('when the processor is busy', () => {
    const busy = { links: links(2), encodeLoad: 0.6 };

    it('stays through a hiccup, and goes down when it lasts', () => {
      expect(after(2, busy).step).toBe('medium');
      expect(after(3, busy)).toMatchObject({ step: 'low', reason: 'cpu' });
    });

    it('also by what the encoder says', () => {
      expect(after(3, { links: links(2, { limitation: 'cpu' }) })).toMatchObject({ step: 'low', reason: 'cpu' });
    });

    it('does not take the last picture away', () => {
      expect(after(100, busy).step).toBe('very_low');
    });

    it('comes back after a while, and hesitates more each time it was too much', () => {
      const once = after(3, busy);
      expect(after(9, { links: links(2) }, once.state).step).toBe('low');
      expect(after(10, { links: links(2) }, once.state).step).toBe('medium');
      const again = after(6, busy);
      expect(after(19, { links: links(2) }, again.state).step).toBe('very_low');
      expect(after(20, { links: links(2) }, again.state).step).toBe('low');
    });

    it('stays where it is between busy and idle', () => {
      expect(after(100, { links: links(2), encodeLoad: 0.3 }, after(3, busy).state).step).toBe('low');
    });
  });

  describe('when the uplink is full', () => {
    const full = { links: links(2, { limitation: 'bandwidth' as const, available: 200_000 }) };

    it('shares what gets through, after the first samples that may be the beginning', () => {
      const start = after(1, { links: links(2) }).state;
      expect(after(2, full, start).step).toBe('medium');
      expect(after(3, full, start)).toMatchObject({ step: 'very_low', reason: 'uplink' });
    });

    it('serves who shows us large first, and gives everybody sound', () => {
      const three = ['large', 'small', 'middle'].map((id, i) => link(id, { lines: [720, 200, 300][i] ?? 0 }));
      const start = after(1, { links: three }).state;
      const narrow = three.map((one) => ({ ...one, limitation: 'bandwidth' as const, available: 150_000 }));
      const steps = [...after(3, { links: narrow }, start).links].map(([id, { step, audio }]) => [id, step, audio.active]);
      expect(steps).toEqual([['large', 'very_low', true], ['small', 'audio_only', true], ['middle', 'audio_only', true]]);
    });

    it('takes loss for a full uplink as well', () => {
      const start = after(1, { links: links(2) }).state;
      expect(after(3, { links: links(2, { loss: 0.2, available: 150_000 }) }, start).step).not.toBe('medium');
    });

    it('dares more step by step, until nothing is in the way', () => {
      let { state } = after(3, full, after(1, { links: links(2) }).state);
      const ways: number[] = [];
      for (let sample = 0; sample < 60; sample++) {
        state = decideBudget(state, input({ links: links(2) })).state;
        if (state.uplink !== ways.at(-1)) ways.push(state.uplink);
      }
      expect(ways.at(-1)).toBe(Infinity);
      expect(ways).toEqual([...ways].sort((a, b) => a - b));
      expect(ways.length).toBeGreaterThan(3);
    });
  });

  it('keeps to what the room advises', () => {
    expect(after(1, { advice: { reason: 'paused', audio_kbps: 32, video_kbps: 0 } })).toMatchObject({ step: 'audio_only', reason: 'advice' });
    const many = after(1, { advice: { reason: 'participants', audio_kbps: 32, video_kbps: 100 } });
    expect(many).toMatchObject({ step: 'very_low', reason: 'advice' });
    expect(many.links.get('p-0')).toMatchObject({ audio: { maxBitrate: 32_000 }, camera: { active: true, maxBitrate: 100_000 } });
  });

  it('never asks for more than before when anything gets worse', () => {
    const rank = ['audio_only', 'very_low', 'low', 'medium', 'high'];
    for (const count of [1, 2, 5, 8]) {
      for (const lines of [Infinity, 400, 100, 0]) {
        const better = after(4, { links: links(count, { lines }) });
        const worse = after(4, { links: links(count, { lines, limitation: 'bandwidth', available: 100_000 }), encodeLoad: 0.9 });
        expect(rank.indexOf(worse.step)).toBeLessThanOrEqual(rank.indexOf(better.step));
      }
    }
  });
});

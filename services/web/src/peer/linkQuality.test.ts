import { describe, expect, it } from 'vitest';
import { causeOf, opinionScore, rating, type VoicePath } from './linkQuality.ts';

const clean: VoicePath = { loss: 0, roundTripMs: 0, bufferMs: 0 };

describe('the opinion score', () => {
  // ITU-T G.107 Annex B, table B.1, whose 4.03 is 4.024 by its own formula, and the rating of the defaults, 93.2.
  it.each([[90, 4.34], [80, 4.03], [70, 3.6], [60, 3.1], [50, 2.58], [93.2, 4.41], [0, 1], [-20, 1], [100, 4.5], [120, 4.5]])('of rating %f is %f', (r, score) => {
    expect(Math.abs(opinionScore(r) - score)).toBeLessThan(0.0065);
  });

  it('never rises while the rating falls', () => {
    for (let r = 0; r < 100; r++) expect(opinionScore(r + 1)).toBeGreaterThanOrEqual(opinionScore(r));
  });
});

describe('the rating', () => {
  // By hand from the formulas: 93.2 - Id(one way) - 95 p / (p + 25.1).
  it.each<[VoicePath, number]>([
    [clean, 92.24],
    [{ ...clean, roundTripMs: 100, bufferMs: 40 }, 90.08],
    [{ ...clean, roundTripMs: 400, bufferMs: 60 }, 72.503],
    [{ ...clean, loss: 0.01 }, 88.6003],
    [{ ...clean, loss: 0.05 }, 76.4593],
    [{ loss: 0.2, roundTripMs: 600, bufferMs: 100 }, 11.6144],
  ])('of %o is %f', (path, expected) => {
    expect(rating(path)).toBeCloseTo(expected, 3);
  });
});

describe('the cause', () => {
  it.each<[VoicePath, boolean, string]>([
    [clean, false, 'none'],
    [{ ...clean, loss: 0.01, roundTripMs: 60 }, true, 'none'],
    [{ ...clean, loss: 0.08, roundTripMs: 60 }, false, 'loss'],
    [{ ...clean, roundTripMs: 700 }, false, 'delay'],
    [{ ...clean, roundTripMs: 700 }, true, 'relay'],
    [{ ...clean, roundTripMs: 60, bufferMs: 400 }, false, 'jitter'],
  ])('of %o, relayed %s, is %s', (path, isRelayed, cause) => {
    expect(causeOf(path, isRelayed)).toBe(cause);
  });
});

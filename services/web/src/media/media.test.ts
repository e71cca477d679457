import { describe, expect, it } from 'vitest';
import { loudness } from './levelMeter.ts';
import { mediaRefusal } from './mediaError.ts';

describe('media refusals', () => {
  it.each([
    ['NotAllowedError', 'blocked'], ['NotFoundError', 'no_device'], ['OverconstrainedError', 'no_device'], ['NotReadableError', 'in_use'],
    ['SecurityError', 'insecure'], ['SomethingNew', 'unavailable'],
  ])('%s means %s', (name, refusal) => {
    expect(mediaRefusal(new DOMException('', name))).toBe(refusal);
  });

  it.each(['device', 'screen'] as const)('tells a %s that the operating system denies', (source) => {
    expect(mediaRefusal(new DOMException('Permission denied by system', 'NotAllowedError'), source)).toBe('system');
  });

  it('takes a closed screen picker for a change of mind', () => {
    expect(mediaRefusal(new DOMException('', 'NotAllowedError'), 'screen')).toBe('cancelled');
  });
});

describe('loudness', () => {
  it.each([[0, 0], [0.0005, 0], [1, 1], [0.0316, 0.5]])('of amplitude %f is about %f', (amplitude, level) => {
    expect(loudness(new Float32Array(64).fill(amplitude))).toBeCloseTo(level, 2);
  });
});

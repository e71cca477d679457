import { describe, expect, it } from 'vitest';
import { linesOf } from './viewChannel.ts';

describe('what a peer says of how it shows us', () => {
  it.each([['{"lines":180}', 180], ['{"lines":0}', 0], ['{}', Infinity]])('%s is %f lines', (data, lines) => {
    expect(linesOf(data)).toBe(lines);
  });

  it.each(['', 'null', '[]', '7', '{"lines":-1}', '{"lines":"180"}', '{"lines":1e9}', '{"lines":null}', '{', ' '.repeat(200), new ArrayBuffer(8), undefined])(
    '%o asks for the whole', (data) => {
      expect(linesOf(data)).toBe(Infinity);
    });
});

import { describe, expect, it } from 'vitest';
import { tileSize } from './tileSize.ts';

describe('tile size', () => {
  it.each([
    ['one on a phone', 1, 344, 604],
    ['four on a phone', 4, 344, 604],
    ['nine on a phone', 9, 344, 604],
    ['two on a desktop', 2, 1416, 756],
    ['five beside the chat', 5, 1056, 756],
    ['nine on a desktop', 9, 1416, 756],
  ])('%s: all fit, and half of the box is used', (_name, count, width, height) => {
    const tile = tileSize(count, width, height, 8);
    const columns = Math.floor((width + 8) / (tile.width + 8));
    const rows = Math.ceil(count / columns);
    expect(rows * (tile.width / tile.aspect) + 8 * (rows - 1)).toBeLessThanOrEqual(height + 1);
    expect((count * tile.width * tile.width) / tile.aspect).toBeGreaterThan((width * height) / 2);
  });

  it('puts two people side by side on a desktop and one above the other on a phone', () => {
    expect(tileSize(2, 1416, 756, 8).width).toBe(704);
    expect(tileSize(2, 344, 604, 8).width).toBe(344);
  });
});

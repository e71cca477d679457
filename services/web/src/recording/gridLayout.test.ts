import { describe, expect, it } from 'vitest';
import { bestColumns, gridLayout } from './gridLayout.ts';

describe('grid layout', () => {
  it.each([[1, 1], [2, 2], [3, 2], [4, 2], [5, 3], [6, 3], [7, 3], [9, 3]])('%i tiles in 16:9 take %i columns', (count, columns) => {
    expect(bestColumns(count, 1600, 900)).toBe(columns);
  });

  it('stacks tiles in a tall box', () => {
    expect(bestColumns(3, 360, 900)).toBe(1);
  });

  it.each([1, 2, 3, 5, 7, 8, 9])('%i tiles lie inside the picture without covering each other', (count) => {
    const cells = gridLayout(count, 1280, 720, 8);
    expect(cells).toHaveLength(count);
    cells.forEach((cell, index) => {
      expect(cell.x >= 0 && cell.y >= 0 && cell.x + cell.width <= 1280 && cell.y + cell.height <= 720).toBe(true);
      for (const other of cells.slice(index + 1)) {
        const apart = cell.x + cell.width <= other.x || other.x + other.width <= cell.x || cell.y + cell.height <= other.y || other.y + other.height <= cell.y;
        expect(apart).toBe(true);
      }
    });
  });
});

export interface Cell {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * How many columns give `count` tiles of 16:9 the most area in a box of this size. Of equals, the one that goes along
 * with the box: side by side in a wide one, one above the other in a tall one.
 */
export function bestColumns(count: number, width: number, height: number): number {
  const margin = width > height ? -0.5 : 0.5;
  let best = 1;
  let bestWidth = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tileWidth = Math.min(width / columns, ((height / rows) * 16) / 9);
    if (tileWidth > bestWidth + margin) {
      bestWidth = tileWidth;
      best = columns;
    }
  }
  return best;
}

/** Places `count` tiles in rows, the last row centred, with a gap around each. */
export function gridLayout(count: number, width: number, height: number, gap: number): Cell[] {
  if (count === 0) return [];
  const columns = bestColumns(count, width, height);
  const rows = Math.ceil(count / columns);
  const cellWidth = width / columns;
  const cellHeight = height / rows;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const indent = ((columns - inRow) * cellWidth) / 2;
    return {
      x: indent + (index % columns) * cellWidth + gap / 2,
      y: row * cellHeight + gap / 2,
      width: cellWidth - gap,
      height: cellHeight - gap,
    };
  });
}

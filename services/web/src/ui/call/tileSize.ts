export interface TileSize {
  /** CSS pixels. */
  width: number;
  aspect: number;
}

const wide = 16 / 9;

/**
 * The size of `count` equal tiles that fill most of a box. Tiles may be narrower than a camera's picture, which then loses its sides: a
 * little in a wide box, more in a tall one (a phone).
 */
export function tileSize(count: number, width: number, height: number, gap: number): TileSize {
  const narrowest = height > width ? 3 / 4 : 3 / 2;
  let best: TileSize = { width: 0, aspect: wide };
  let bestArea = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    const cellHeight = (height - gap * (rows - 1)) / rows;
    const aspect = Math.min(wide, Math.max(narrowest, cellWidth / cellHeight));
    const tileWidth = Math.floor(Math.min(cellWidth, cellHeight * aspect));
    const area = (tileWidth * tileWidth) / aspect;
    if (area > bestArea) {
      best = { width: tileWidth, aspect };
      bestArea = area;
    }
  }
  return best;
}

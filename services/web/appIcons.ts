import { crc32, deflateSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** The sizes that systems ask for when the client is installed; `maskable` ones are cut to any shape, and fill their square. */
const icons = [
  { fileName: 'icons/180.png', size: 180, maskable: true },
  { fileName: 'icons/192.png', size: 192, maskable: false },
  { fileName: 'icons/512.png', size: 512, maskable: false },
  { fileName: 'icons/512-maskable.png', size: 512, maskable: true },
];

/** Draws public/icon.svg as the PNG files of the manifest, so that no picture has to be kept beside its drawing. */
export function appIcons(): Plugin {
  return {
    name: 'app-icons',
    apply: 'build',
    generateBundle() {
      for (const { fileName, size, maskable } of icons) this.emitFile({ type: 'asset', fileName, source: png(size, draw(size, maskable)) });
    },
  };
}

type Point = readonly [x: number, y: number];

/** The sign of public/icon.svg in its units: 32 a side. */
const apex: Point[] = Array.from({ length: 9 }, (_, step) => {
  const angle = Math.PI * (1.14 + (0.72 * step) / 8);
  return [16 + 2 * Math.cos(angle), 10.47 + 2 * Math.sin(angle)];
});
const stroke: Point[] = [[8, 21.5], ...apex, [24, 21.5]];
const ground = [0x0f, 0x7a, 0x6c];

/** RGBA, row by row. */
function draw(size: number, maskable: boolean): Uint8Array {
  const pixels = new Uint8Array(size * size * 4);
  const unit = 32 / size;
  // The middle 80 % of a maskable icon are never cut off.
  const zoom = maskable ? 0.8 : 1;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [x, y] = [(column + 0.5) * unit, (row + 0.5) * unit];
      const square = maskable ? 1 : coverage(roundedSquare(x, y), unit);
      const [u, v] = [16 + (x - 16) / zoom, 16 + (y - 16) / zoom];
      const sign = coverage(Math.min(polyline(u, v) - 1.5, Math.hypot(u - 16, v - 21.5) - 2.4), unit / zoom);
      pixels.set([...ground.map((value) => Math.round(value + (255 - value) * sign)), Math.round(square * 255)], (row * size + column) * 4);
    }
  }
  return pixels;
}

/** How much of a pixel is inside, from its middle's signed distance to the edge. */
function coverage(distance: number, pixel: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance / pixel));
}

function roundedSquare(x: number, y: number): number {
  const [dx, dy] = [Math.abs(x - 16) - 7, Math.abs(y - 16) - 7];
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - 9;
}

function polyline(x: number, y: number): number {
  let nearest = Infinity;
  for (const [index, to] of stroke.entries()) {
    const from = stroke[index - 1];
    if (from === undefined) continue;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const along = Math.min(1, Math.max(0, ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy)));
    nearest = Math.min(nearest, Math.hypot(x - from[0] - along * dx, y - from[1] - along * dy));
  }
  return nearest;
}

/** PNG (W3C, third edition): 8 bits a channel, RGBA, no filters. */
function png(size: number, pixels: Uint8Array): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let row = 0; row < size; row++) rows.set(pixels.subarray(row * size * 4, (row + 1) * size * 4), row * (size * 4 + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

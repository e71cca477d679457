import { gridLayout, type Cell } from './gridLayout.ts';

/** One tile of the recorded picture. */
export interface ComposedTile {
  id: string;
  name: string;
  /** Initials and colour of who has no picture; a shared screen has one. */
  face?: { initials: string; colour: string };
  track: MediaStreamTrack | null;
  /** A shared screen is shown whole, a camera fills its tile. */
  whole: boolean;
}

const width = 1280;
const height = 720;
/** Of who has a camera whose first picture does not come. */
const pictureWaitMs = 1000;

/** Draws all tiles into one canvas at 15 frames a second, in foreground and background alike. */
export class VideoComposer {
  readonly #canvas: HTMLCanvasElement = document.createElement('canvas');
  readonly #ink: CanvasRenderingContext2D;
  readonly #videos = new Map<MediaStreamTrack, HTMLVideoElement>();
  #ticker: Worker | undefined;
  #tiles: ComposedTile[] = [];

  constructor() {
    this.#canvas.width = width;
    this.#canvas.height = height;
    const ink = this.#canvas.getContext('2d', { alpha: false });
    if (ink === null) throw new Error('no 2d canvas');
    this.#ink = ink;
  }

  start(): MediaStreamTrack {
    this.#draw();
    this.#ticker = new Worker(new URL('./ticker.worker.ts', import.meta.url), { type: 'module' });
    this.#ticker.onmessage = () => this.#draw();
    const track = this.#canvas.captureStream(15).getVideoTracks()[0];
    if (track === undefined) throw new Error('a canvas stream has one video track');
    return track;
  }

  setTiles(tiles: ComposedTile[]): void {
    this.#tiles = tiles;
    const wanted = new Set(tiles.map((tile) => tile.track));
    for (const [track, video] of this.#videos) {
      if (wanted.has(track)) continue;
      video.srcObject = null;
      this.#videos.delete(track);
    }
    for (const track of wanted) {
      if (track === null || this.#videos.has(track)) continue;
      const video = document.createElement('video');
      video.muted = true;
      video.playsInline = true;
      video.srcObject = new MediaStream([track]);
      // Muted it may always play; it is refused only when the tile goes before its picture came.
      video.play().catch(() => undefined);
      this.#videos.set(track, video);
    }
  }

  /** Once all pictures are there that are to be drawn, or have been waited for: a recording begins with people in it. */
  async shown(): Promise<void> {
    const pictures = [...this.#videos.values()].filter((video) => video.readyState < video.HAVE_CURRENT_DATA);
    const all = Promise.all(pictures.map((video) => new Promise((done) => video.addEventListener('loadeddata', done, { once: true }))));
    await Promise.race([all, new Promise((done) => setTimeout(done, pictureWaitMs))]);
  }

  close(): void {
    this.#ticker?.terminate();
    this.setTiles([]);
  }

  #draw(): void {
    this.#ink.fillStyle = '#0e1116';
    this.#ink.fillRect(0, 0, width, height);
    const cells = gridLayout(this.#tiles.length, width, height, 8);
    this.#tiles.forEach((tile, index) => {
      const cell = cells[index];
      if (cell !== undefined) this.#drawTile(tile, cell);
    });
  }

  #drawTile(tile: ComposedTile, cell: Cell): void {
    const ink = this.#ink;
    ink.save();
    ink.beginPath();
    ink.roundRect(cell.x, cell.y, cell.width, cell.height, 12);
    ink.clip();
    ink.fillStyle = '#1d232c';
    ink.fillRect(cell.x, cell.y, cell.width, cell.height);

    const video = tile.track === null ? undefined : this.#videos.get(tile.track);
    if (video !== undefined && video.videoWidth > 0) {
      const scale = (tile.whole ? Math.min : Math.max)(cell.width / video.videoWidth, cell.height / video.videoHeight);
      const drawnWidth = video.videoWidth * scale;
      const drawnHeight = video.videoHeight * scale;
      ink.drawImage(video, cell.x + (cell.width - drawnWidth) / 2, cell.y + (cell.height - drawnHeight) / 2, drawnWidth, drawnHeight);
    } else if (tile.face !== undefined) {
      this.#drawFace(tile.face, cell);
    }

    ink.font = '500 20px system-ui, sans-serif';
    const label = Math.min(ink.measureText(tile.name).width + 24, cell.width - 16);
    ink.fillStyle = 'rgb(0 0 0 / 55%)';
    ink.beginPath();
    ink.roundRect(cell.x + 8, cell.y + cell.height - 42, label, 34, 8);
    ink.fill();
    ink.fillStyle = '#fff';
    ink.fillText(tile.name, cell.x + 20, cell.y + cell.height - 18, label - 24);
    ink.restore();
  }

  #drawFace({ initials, colour }: NonNullable<ComposedTile['face']>, cell: Cell): void {
    const ink = this.#ink;
    const [x, y, radius] = [cell.x + cell.width / 2, cell.y + cell.height / 2, Math.min(cell.width, cell.height) * 0.16];
    ink.fillStyle = colour;
    ink.beginPath();
    ink.arc(x, y, radius, 0, 2 * Math.PI);
    ink.fill();
    ink.fillStyle = '#fff';
    ink.font = `600 ${radius * 0.8}px system-ui, sans-serif`;
    ink.textAlign = 'center';
    ink.textBaseline = 'middle';
    ink.fillText(initials, x, y);
    ink.textAlign = 'start';
    ink.textBaseline = 'alphabetic';
  }
}

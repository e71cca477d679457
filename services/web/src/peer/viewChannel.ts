/** More than any screen has. */
const mostLines = 10_000;

/**
 * Tells the peer, straight and not through a server, how large its camera is shown here, and hears the same of it: nobody encodes and
 * uploads what is not looked at. It is said twice a second, so that it also tells that the way to the peer is open.
 */
export class ViewChannel {
  readonly #channel: RTCDataChannel;
  #lines = Infinity;

  /** `heard` is called with the lines that the peer shows of us, or Infinity when it has not said. */
  constructor(connection: RTCPeerConnection, heard: (lines: number) => void) {
    // Late it would tell what is no longer so: what is lost stays lost.
    this.#channel = connection.createDataChannel('view', { negotiated: true, id: 0, ordered: false, maxRetransmits: 0 });
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => heard(linesOf(data));
    this.#channel.onopen = () => this.repeat();
  }

  /** `lines` of device pixels; 0 when the peer's camera is not shown. */
  tell(lines: number): void {
    const isMore = lines > this.#lines;
    this.#lines = lines;
    // Less can wait for the next sign of life: a tile that moves on the page is gone for a moment only.
    if (isMore) this.repeat();
  }

  repeat(): void {
    if (this.#channel.readyState !== 'open') return;
    this.#channel.send(JSON.stringify(Number.isFinite(this.#lines) ? { lines: Math.round(this.#lines) } : {}));
  }

  close(): void {
    this.#channel.onmessage = null;
    this.#channel.onopen = null;
  }
}

/** What the peer said; anything that is not understood asks for no less than the whole. */
export function linesOf(data: unknown): number {
  if (typeof data !== 'string' || data.length > 100) return Infinity;
  try {
    const told = JSON.parse(data) as { lines?: unknown } | null;
    const lines = told?.lines;
    return typeof lines === 'number' && lines >= 0 && lines <= mostLines ? lines : Infinity;
  } catch {
    return Infinity;
  }
}

import { vi } from 'vitest';
import type { ServerMessage } from './messages.ts';

/** What the signaling client uses of a WebSocket; the test plays the server. */
export class ModelSocket {
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  readonly #sentAt: number[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly protocols: string[];

  constructor(protocols: string[]) {
    this.protocols = protocols;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
    this.#sentAt.push(performance.now());
  }

  /** Most frames that were sent within one second. */
  mostInASecond(): number {
    return Math.max(...this.#sentAt.map((begin) => this.#sentAt.filter((at) => at >= begin && at < begin + 1_000).length));
  }

  close(code = 1005): void {
    this.drop(code);
  }

  async open(): Promise<void> {
    this.readyState = 1;
    this.onopen?.();
    await vi.advanceTimersByTimeAsync(0);
  }

  receive(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  drop(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

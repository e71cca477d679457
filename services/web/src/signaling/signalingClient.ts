import { TypedEvents } from '../typedEvents.ts';
import { backoffMs } from './backoff.ts';
import { mayReconnect, refusalOf } from './closeCode.ts';
import { FrameLog } from './frameLog.ts';
import type { ClientMessage, ServerMessage, Welcome } from './messages.ts';
import { Outbox } from './outbox.ts';
import { parseServerMessage } from './serverMessage.ts';
import { subprotocols, type TraceContext } from './traceContext.ts';

/**
 * Of a session: `connecting` until the first welcome, also while one waits in the lobby; `joined` while the server is heard; `reconnecting`
 * from a lost connection to the next welcome; `ended` for good.
 */
export type SignalingState = 'connecting' | 'joined' | 'reconnecting' | 'ended';

/** What one session tells of. */
export interface SignalingEvents {
  state: SignalingState;
  message: ServerMessage;
  /** The session is over and reconnecting is no use; the value is a stable code. */
  ended: string;
}

/** Where and as whom a session is held. */
export interface SignalingOptions {
  url: string;
  trace: TraceContext;
  roomId: string;
  token: () => Promise<string>;
  /** The organizer's wishes for the room that this join may open. */
  wishes?: { max_peers?: number; ttl_minutes?: number };
  openSocket?: (url: string, protocols: string[]) => WebSocket;
}

/** What was sent lately is answered within this time, or the connection is taken for dead. */
const answerTimeoutMs = 700;
/** The same for what is asked of a network that has just come back. */
const probeTimeoutMs = 3_000;
/** An open socket without a welcome after this long is given up. */
const welcomeTimeoutMs = 15_000;

/** One session with the gateway: joins, reconnects with back-off, resumes, and keeps the order of frames in both directions. */
export class SignalingClient extends TypedEvents<SignalingEvents> {
  readonly #options: SignalingOptions;
  #socket: WebSocket | undefined;
  /** The socket over which a join has been sent, if it is the present one. */
  #asked: WebSocket | undefined;
  #state: SignalingState = 'connecting';
  #resume: string | undefined;
  /** Whether what the server sends by itself after the last whole welcome has come. */
  #hasHistory = false;
  #attempt = 0;
  #lastError: string | undefined;
  #retryAfterMs = 0;
  #reconnect: ReturnType<typeof setTimeout> | undefined;
  #suspicion: ReturnType<typeof setTimeout> | undefined;
  readonly #log = new FrameLog();
  readonly #outbox = new Outbox(this.#log);

  constructor(options: SignalingOptions) {
    super();
    this.#options = options;
  }

  get state(): SignalingState {
    return this.#state;
  }

  start(): void {
    // Node has neither such events nor networks that come and go with a lid.
    if ('addEventListener' in globalThis) globalThis.addEventListener('online', this.#online);
    this.#open();
  }

  /** Sends as soon as the gateway takes it, or after the session is back. What only makes sense now is dropped where it cannot go now. */
  send(message: ClientMessage): void {
    if (this.#state === 'ended') return;
    if (message.type !== 'renew') this.#outbox.post(message);
    // In the lobby as well, where tokens end too; and every join brings a fresh one.
    else if (this.#asked?.readyState === 1) this.#asked.send(JSON.stringify(message));
  }

  /** Leaves for good: the session ends without a chance to resume. */
  leave(): void {
    if (this.#state === 'joined' && this.#socket?.readyState === 1) this.#socket.send(JSON.stringify({ type: 'leave' } satisfies ClientMessage));
    this.#end('left');
  }

  /** Something else on this network went silent: unless the server is heard soon, the connection is given up for a new one. */
  suspect(): void {
    if (this.#state !== 'joined' || this.#suspicion !== undefined) return;
    this.#suspicion = setTimeout(() => this.#giveUp(), answerTimeoutMs);
  }

  #open(): void {
    const openSocket = this.#options.openSocket ?? ((url, protocols) => new WebSocket(url, protocols));
    const socket = openSocket(this.#options.url, subprotocols(this.#options.trace, this.#options.roomId));
    this.#socket = socket;
    this.#asked = undefined;
    this.#lastError = undefined;
    const giveUp = setTimeout(() => socket.close(4000), welcomeTimeoutMs);

    socket.onopen = () => void this.#join(socket);
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (socket !== this.#socket || typeof event.data !== 'string') return;
      this.#trust();
      const { type, message } = parseServerMessage(event.data);
      this.#log.take(type);
      if (message === null) return;
      if (message.type === 'welcome') {
        clearTimeout(giveUp);
        this.#welcomed(socket, message);
        return;
      }
      if (message.type === 'error') {
        this.#lastError = message.code;
        this.#retryAfterMs = message.retry_after_ms ?? 0;
      }
      if (message.type === 'chat_history') this.#hasHistory = true;
      // Somebody has to let us in: that takes as long as it takes.
      if (message.type === 'knocking' || message.type === 'waiting_for_moderator') clearTimeout(giveUp);
      this.emit('message', message);
    };
    socket.onclose = (event: CloseEvent) => {
      clearTimeout(giveUp);
      if (socket === this.#socket) this.#closed(event.code);
    };
  }

  async #join(socket: WebSocket): Promise<void> {
    const token = await this.#options.token();
    if (socket !== this.#socket || socket.readyState !== 1) return;
    const join: ClientMessage = { type: 'join', token };
    if (this.#resume !== undefined) {
      join.resume = this.#resume;
      join.received = this.#log.received;
      if (!this.#hasHistory) join.lacks_history = true;
    }
    if (this.#options.wishes?.max_peers !== undefined) join.max_peers = this.#options.wishes.max_peers;
    if (this.#options.wishes?.ttl_minutes !== undefined) join.ttl_minutes = this.#options.wishes.ttl_minutes;
    socket.send(JSON.stringify(join));
    this.#asked = socket;
  }

  #welcomed(socket: WebSocket, welcome: Welcome): void {
    this.#attempt = 0;
    this.#resume = welcome.resume;
    if (!welcome.resumed) this.#outbox.forgetDescriptions();
    if (!welcome.resumed || !welcome.complete) this.#hasHistory = false;
    // Before anything new: the server goes on where it stopped.
    this.#outbox.open(socket, this.#log.settle(welcome));
    this.#enter('joined');
    this.emit('message', welcome);
  }

  /** Without waiting for its closing handshake, which a dead network never finishes. */
  #giveUp(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#asked = undefined;
    this.#closed(1006);
    // It was the own network: nobody else comes back at this moment, from whom to keep a distance.
    this.#hurry();
    socket?.close(4000);
  }

  #trust(): void {
    clearTimeout(this.#suspicion);
    this.#suspicion = undefined;
  }

  #closed(code: number): void {
    this.#trust();
    this.#outbox.close();
    if (this.#state === 'ended') return;
    if (!mayReconnect(code)) {
      this.#end(this.#lastError ?? refusalOf(code));
      return;
    }
    this.#enter(this.#resume === undefined ? 'connecting' : 'reconnecting');
    const delayMs = Math.max(backoffMs(this.#attempt++), this.#retryAfterMs);
    this.#retryAfterMs = 0;
    this.#reconnect = setTimeout(() => this.#open(), delayMs);
  }

  /** The network is back, or another one is there: a socket of before may be dead and does not know, least of all while nobody says anything. */
  readonly #online = (): void => {
    if (this.#asked?.readyState === 1) void this.#probe();
    else this.#hurry();
  };

  /** Asks for what is answered at once, also in the lobby. */
  async #probe(): Promise<void> {
    if (this.#suspicion !== undefined) return;
    this.#suspicion = setTimeout(() => this.#giveUp(), probeTimeoutMs);
    this.send({ type: 'renew', token: await this.#options.token() });
  }

  /** The way is open, or a new one: waiting out the back-off would only lengthen the silence. */
  readonly #hurry = (): void => {
    if (this.#reconnect === undefined || this.#state === 'joined' || this.#state === 'ended') return;
    if (this.#socket !== undefined && this.#socket.readyState < 2) return;
    clearTimeout(this.#reconnect);
    this.#open();
  };

  #end(reason: string): void {
    if (this.#state === 'ended') return;
    this.#trust();
    this.#outbox.close();
    clearTimeout(this.#reconnect);
    if ('removeEventListener' in globalThis) globalThis.removeEventListener('online', this.#online);
    this.#enter('ended');
    this.#socket?.close(1000);
    this.#socket = undefined;
    this.emit('ended', reason);
  }

  #enter(state: SignalingState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('state', state);
  }
}

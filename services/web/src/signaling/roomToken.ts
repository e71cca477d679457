import { readClaims } from '../api/claims.ts';

export interface IssuedToken {
  token: string;
  /** Milliseconds since 1970 by the server's clock. */
  expires_at: number;
}

/** With less than this left, whoever asks for a token gets a fresh one: a request that starts now still arrives in time. */
const marginMs = 30_000;
const retryMs = 15_000;

/** The room token, kept fresh for as long as the session lives: the gateway closes a session whose token expired. */
export class RoomToken {
  #token: string;
  #endsAt: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: Promise<void> | undefined;
  #stopped = false;
  readonly #renew: (token: string) => Promise<IssuedToken>;

  constructor(issued: IssuedToken, renew: (token: string) => Promise<IssuedToken>) {
    this.#token = issued.token;
    this.#endsAt = endOf(issued);
    this.#renew = renew;
    this.#scheduleHalfway();
  }

  /** A token that is valid now; renewed first when it is about to expire. Throws nothing: the server judges the token. */
  async fresh(): Promise<string> {
    if (this.#endsAt - Date.now() < marginMs) await this.#renewOnce();
    return this.#token;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** The other half of its life is for trying again while the server is out of reach. */
  #scheduleHalfway(): void {
    this.#schedule((this.#endsAt - Date.now()) / 2);
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#renewOnce(), Math.max(1_000, delayMs));
  }

  #renewOnce(): Promise<void> {
    this.#renewal ??= this.#renew(this.#token)
      .then((issued) => {
        this.#token = issued.token;
        this.#endsAt = endOf(issued);
        this.#scheduleHalfway();
      }, () => this.#schedule(retryMs))
      .finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }
}

/** By this machine's clock, which may be wrong by any amount: a token lives as long as it says, from when it came. */
function endOf({ token, expires_at }: IssuedToken): number {
  const claims = readClaims(token);
  const [issued, expires] = [claims?.['iat'], claims?.['exp']];
  return typeof issued === 'number' && typeof expires === 'number' ? Date.now() + (expires - issued) * 1000 : expires_at;
}

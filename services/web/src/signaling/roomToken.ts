export interface IssuedToken {
  token: string;
  expires_at: number;
}

/** Renews this long before the end, so that a request that starts now still arrives with a valid token. */
const marginMs = 60_000;

/** The room token, kept fresh for as long as the session lives. */
export class RoomToken {
  #current: IssuedToken;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: Promise<void> | undefined;
  #stopped = false;
  readonly #renew: (token: string) => Promise<IssuedToken>;

  constructor(issued: IssuedToken, renew: (token: string) => Promise<IssuedToken>) {
    this.#current = issued;
    this.#renew = renew;
    this.#schedule(this.#current.expires_at - Date.now() - marginMs);
  }

  /** A token that is valid now; renewed first when it is about to expire. Throws nothing: the server judges the token. */
  async fresh(): Promise<string> {
    if (this.#current.expires_at - Date.now() < marginMs / 2) await this.#renewOnce();
    return this.#current.token;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#renewOnce(), Math.max(1_000, delayMs));
  }

  #renewOnce(): Promise<void> {
    this.#renewal ??= this.#renew(this.#current.token)
      .then((issued) => {
        this.#current = issued;
        this.#schedule(issued.expires_at - Date.now() - marginMs);
      }, () => this.#schedule(15_000))
      .finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }
}

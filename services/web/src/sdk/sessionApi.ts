import { answered, post } from '../api/http.ts';
import type { Admission } from '../api/rest.ts';
import type { IssuedCertificate } from '../identity/credential.ts';
import type { PublicJwk } from '../identity/sessionKey.ts';
import type { SessionCalls } from '../room/admittedRoom.ts';
import type { IssuedToken } from '../signaling/roomToken.ts';

/** The calls of docs/rest-api.md that a session needs, at any server. Refusals are thrown as `Problem`; no network is `Problem` with code `offline`. */
export class SessionApi implements SessionCalls {
  readonly #server: string;

  constructor(server: string) {
    this.#server = server;
  }

  redeem(invitation: string, name: string, jwk: PublicJwk): Promise<Admission> {
    return post(this.#at('/api/v1/invitations/redeem'), { invitation, name, jwk });
  }

  certificate(request: string, token: string): Promise<IssuedCertificate> {
    return post(this.#at('/api/v1/certificates'), { request }, token);
  }

  refreshToken(token: string): Promise<IssuedToken> {
    return post(this.#at('/api/v1/tokens/refresh'), {}, token);
  }

  async authorities(): Promise<string> {
    return (await answered(this.#at('/.well-known/clearway-ca.pem'), {})).text();
  }

  #at(path: string): string {
    return new URL(path, this.#server).href;
  }
}

import { problemOf } from '../api/problem.ts';
import type { Admission } from '../api/rest.ts';
import type { IssuedCertificate } from '../identity/credential.ts';
import type { PublicJwk } from '../identity/sessionKey.ts';
import type { IssuedToken } from '../signaling/roomToken.ts';

/** The calls of docs/rest-api.md that a session needs, at any server. Refusals are thrown as `Problem`. */
export class SessionApi {
  readonly #server: string;

  constructor(server: string) {
    this.#server = server;
  }

  redeem(invitation: string, name: string, jwk: PublicJwk): Promise<Admission> {
    return this.#post('/api/v1/invitations/redeem', { invitation, name, jwk });
  }

  certificate(request: string, token: string): Promise<IssuedCertificate> {
    return this.#post('/api/v1/certificates', { request }, token);
  }

  refreshToken(token: string): Promise<IssuedToken> {
    return this.#post('/api/v1/tokens/refresh', {}, token);
  }

  readonly authorities = async (): Promise<string> => (await this.#answered('/.well-known/clearway-ca.pem', {})).text();

  async #post<Answer>(path: string, body: unknown, token?: string): Promise<Answer> {
    const headers = { 'Content-Type': 'application/json', ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) };
    return await (await this.#answered(path, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Answer;
  }

  async #answered(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(new URL(path, this.#server), init);
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

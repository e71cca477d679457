import type { IssuedCertificate } from '../identity/credential.ts';
import type { PublicJwk } from '../identity/sessionKey.ts';
import type { SpeechTurn } from '../recording/speechLog.ts';
import type { IceServer, Role } from '../signaling/messages.ts';
import type { IssuedToken } from '../signaling/roomToken.ts';
import { answered, bearer, call, post } from './http.ts';

export interface Account {
  account_id: string;
  name: string;
  tenant: string;
}

export interface CreatedRoom {
  room_id: string;
  title: string;
  invitation: string;
  organizer_invitation: string;
  expires_at: number;
}

export interface Admission extends IssuedToken {
  participant_id: string;
  session_id: string;
  room_id: string;
  room_title: string;
  role: Role;
  tenant: string;
  /** Whether connections without a proof of who is at their other end are refused. */
  require_verified: boolean;
  max_peers?: number;
  ttl_minutes?: number;
}

export interface Suggestions {
  suggestion: string | null;
  suggestions: string[];
  is_found: boolean;
  /** How many UTF-16 code units at the end of the prefix a suggestion stands in for. */
  replaced: number;
}

/** A recording that was sealed just now. */
export interface Recording {
  recording_id: string;
  title: string;
  size_bytes: number;
  duration_ms: number;
  link: string;
  /** Announces it in the chat; not there for one's own track. */
  system_data?: string;
  security?: string;
}

export interface BrowserSpan {
  trace_id: string;
  span_id: string;
  parent_span_id?: string;
  name: 'join' | 'first_media';
  start_unix_ms: number;
  end_unix_ms: number;
}

/** The calls of docs/rest-api.md. Refusals are thrown as `Problem`; no network is `Problem` with code `offline`. */
export const rest = {
  signIn: (name: string, password: string) => post<Account>('/api/v1/auth/sign-in', { name, password }),
  signOut: () => post<undefined>('/api/v1/auth/sign-out', {}),
  account: () => call<Account>('/api/v1/auth/account', {}),
  createRoom: (room: { title: string; max_peers?: number; ttl_minutes?: number; lobby?: boolean; wait_for_moderator?: boolean; own_tracks?: boolean }) =>
    post<CreatedRoom>('/api/v1/rooms', room),
  redeem: (invitation: string, name: string, jwk: PublicJwk) => post<Admission>('/api/v1/invitations/redeem', { invitation, name, jwk }),
  iceServers: (invitation: string) => post<{ ice_servers: IceServer[]; expires_at: number }>('/api/v1/invitations/ice-servers', { invitation }),
  certificate: (request: string, token: string) => post<IssuedCertificate>('/api/v1/certificates', { request }, token),
  authorities: async () => (await answered('/.well-known/clearway-ca.pem', {})).text(),
  refreshToken: (token: string) => post<IssuedToken>('/api/v1/tokens/refresh', {}, token),
  complete: (prefix: string, token: string, signal: AbortSignal) =>
    call<Suggestions>(`/api/v1/t9?prefix=${encodeURIComponent(prefix)}&limit=3`, { headers: bearer(token), signal }),
  createRecording,
  sealRecording: (id: string, uploadKey: string) =>
    call<Recording>(`/api/v1/records/${id}/seal`, { method: 'POST', headers: { Authorization: `Upload ${uploadKey}` } }),
  speech: (id: string, speech: SpeechTurn[], token: string) => post<undefined>(`/api/v1/records/${id}/speech`, { speech }, token),
  consent: (id: string, granted: boolean, token: string) => post<undefined>(`/api/v1/records/${id}/consents`, { granted }, token),
  refusedProof: (peer_id: string, reason: string, token: string) => post<undefined>('/api/v1/verification/refusals', { peer_id, reason }, token),
  spans: (spans: BrowserSpan[], token: string) => post<undefined>('/api/v1/telemetry/spans', { spans }, token),
};

/** Begins an upload by tus 1.0; answers with the key that lets this browser go on with it when the room token is gone. */
async function createRecording(id: string, title: string, token: string): Promise<string> {
  const response = await answered('/api/v1/records', {
    method: 'POST',
    headers: {
      ...bearer(token),
      'Tus-Resumable': '1.0.0',
      'Upload-Defer-Length': '1',
      'Upload-Metadata': `recording_id ${toBase64(id)},title ${toBase64(title)}`,
    },
  });
  return response.headers.get('Upload-Key') ?? '';
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

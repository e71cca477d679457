import { call, post } from './http.ts';

export const recordingStates = ['recording', 'sealed', 'failed'] as const;
export type RecordingState = (typeof recordingStates)[number];

/** A recording as those see it who keep it; times are milliseconds since 1970. */
export interface KeptRecording {
  recording_id: string;
  room_id: string;
  title: string;
  /** Of everybody, or of who made it alone. */
  kind: 'meeting' | 'track';
  /** Not there where it is not known. */
  recorded_by_name?: string;
  state: RecordingState;
  size_bytes: number;
  duration_ms: number;
  created_at: number;
  is_archived: boolean;
}

/** What somebody said with short pauses at most; milliseconds since the recording began. */
export interface Chapter {
  participant_id: string;
  name: string;
  start_ms: number;
  end_ms: number;
}

export interface RecordingQuery {
  search: string;
  state: RecordingState | '';
  cursor: string;
}

/** The organizer's calls of docs/rest-api.md, Keeping; the account's cookie goes with them. */
export const library = {
  list: ({ search, state, cursor }: RecordingQuery) =>
    call<{ recordings: KeptRecording[]; /** Not on the last page. */ cursor?: string }>(`/api/v1/records?${new URLSearchParams({ search, state, cursor, limit: '25' }).toString()}`, {}),
  rename: (id: string, title: string) =>
    call<KeptRecording>(`/api/v1/records/${id}/title`, json('PUT', { title })),
  remove: (id: string) => call<undefined>(`/api/v1/records/${id}/file`, json('DELETE')),
  link: (id: string, lifetimeMinutes: number) =>
    post<{ link: string; expires_at: number }>(`/api/v1/records/${id}/links`, { lifetime_minutes: lifetimeMinutes }),
  revokeLinks: (id: string) => call<undefined>(`/api/v1/records/${id}/links`, json('DELETE')),
};

/** Who spoke when, for whoever has a link to the file; its query is the credential. */
export function chapters(id: string, query: string): Promise<{ recording: Pick<KeptRecording, 'title' | 'duration_ms' | 'created_at'>; chapters: Chapter[] }> {
  return call(`/api/v1/records/${id}/chapters?${query}`, {});
}

/** The media type stands also where there is no body: no page of another origin can send it unasked. */
function json(method: string, body?: unknown): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
}

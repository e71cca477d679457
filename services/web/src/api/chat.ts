import type { ChatMessage } from '../signaling/messages.ts';
import { answered, bearer, call } from './http.ts';

export interface ChatPage {
  messages: ChatMessage[];
  /** From where the page before this one is read; 0 at the beginning of the history. */
  next_before: number;
}

/** A file that waits to be announced: `system_data` and `security` go into a chat frame as they are. */
export interface UploadedFile {
  file_id: string;
  system_data: string;
  security: string;
}

export type ExportFormat = 'json' | 'text';

const pageSize = 50;

/** The calls of docs/rest-api.md about a room's chat, each with a room token. */
export const chatApi = {
  page: (room: string, before: number, token: string) =>
    call<ChatPage>(`${path(room, 'messages')}?before=${before}&limit=${pageSize}`, { headers: bearer(token) }),
  search: (room: string, text: string, token: string, signal: AbortSignal) =>
    call<ChatPage>(`${path(room, 'messages/search')}?${new URLSearchParams({ text, limit: String(pageSize) }).toString()}`, { headers: bearer(token), signal }),
  export: async (room: string, format: ExportFormat, token: string) =>
    (await answered(`${path(room, 'messages/export')}?format=${format}`, { headers: bearer(token) })).blob(),
  upload: (room: string, file: File, token: string) =>
    call<UploadedFile>(path(room, 'files'), {
      method: 'POST',
      headers: { ...bearer(token), 'Content-Type': 'application/octet-stream', 'Clearway-File-Name': encodeURIComponent(file.name) },
      body: file,
    }),
  file: async (room: string, id: string, token: string) => (await answered(path(room, `files/${encodeURIComponent(id)}`), { headers: bearer(token) })).blob(),
};

function path(room: string, what: string): string {
  return `/api/v1/rooms/${encodeURIComponent(room)}/${what}`;
}

import type { SystemMessage } from '../signaling/messages.ts';

export interface RecordingCard {
  recordingId: string;
  title: string;
  sizeBytes: number;
  durationMs: number;
  /** Path of the client's player page. */
  playPath: string;
  downloadPath: string;
}

/** Reads a verified system message about a recording. Null when it is about something else, or not of the documented form. */
export function recordingCard(message: SystemMessage): RecordingCard | null {
  const { kind, recording_id: id, title, size_bytes: size, duration_ms: duration, link } = message.system;
  if (kind !== 'recording' || typeof id !== 'string' || !isRecordingId(id) || typeof link !== 'string') return null;
  const query = link.split('?')[1] ?? '';
  const file = filePath(id, query);
  if (file === null) return null;
  return {
    recordingId: id,
    title: typeof title === 'string' ? title : '',
    sizeBytes: typeof size === 'number' ? size : 0,
    durationMs: typeof duration === 'number' ? duration : 0,
    playPath: `/recordings/${id}#${new URLSearchParams(query).toString()}`,
    downloadPath: `${file}&download=1`,
  };
}

/** The file of a recording from the two members of its link; nothing else of a link is ever followed. */
export function filePath(id: string, query: string): string | null {
  const members = new URLSearchParams(query);
  const expires = members.get('expires');
  const signature = members.get('signature');
  if (!isRecordingId(id) || expires === null || signature === null) return null;
  return `/api/v1/records/${id}/file?${new URLSearchParams({ expires, signature }).toString()}`;
}

/** 26 characters of Crockford's base 32 in lower case. */
export function isRecordingId(text: string): boolean {
  return /^[0-9a-hjkmnp-tv-z]{26}$/.test(text);
}

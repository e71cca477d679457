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
  const playPath = playerPath({ recording_id: id, link });
  if (file === null || playPath === null) return null;
  return {
    recordingId: id,
    title: typeof title === 'string' ? title : '',
    sizeBytes: typeof size === 'number' ? size : 0,
    durationMs: typeof duration === 'number' ? duration : 0,
    playPath,
    downloadPath: `${file}&download=1`,
  };
}

/** The client's page that plays what a link leads to; null where the link is none to this recording's file. */
export function playerPath({ recording_id: id, link }: { recording_id: string; link: string }): string | null {
  const query = filePath(id, link.split('?')[1] ?? '')?.split('?')[1];
  return query === undefined ? null : `/recordings/${id}#${query}`;
}

/** The file of a recording from the members of its link; nothing else of a link is ever followed. */
export function filePath(id: string, query: string): string | null {
  const members = new URLSearchParams(query);
  const expires = members.get('expires');
  const signature = members.get('signature');
  if (!isRecordingId(id) || expires === null || signature === null) return null;
  const network = members.get('network');
  return `/api/v1/records/${id}/file?${new URLSearchParams({ expires, signature, ...(network === null ? {} : { network }) }).toString()}`;
}

/** 26 characters of Crockford's base 32 in lower case. */
export function isRecordingId(text: string): boolean {
  return /^[0-9a-hjkmnp-tv-z]{26}$/.test(text);
}

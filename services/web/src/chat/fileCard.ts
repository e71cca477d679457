import type { SystemMessage } from '../signaling/messages.ts';

export interface FileCard {
  fileId: string;
  name: string;
  sizeBytes: number;
  /** One of the kinds that are told by the bytes themselves and are safe to show. */
  isImage: boolean;
  senderId: string;
  senderName: string;
}

const images = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Reads a verified system message about a file. Null when it is about something else, or not of the documented form. */
export function fileCard(message: SystemMessage): FileCard | null {
  const { kind, file_id: id, name, size_bytes: size, content_type: type, sender_id: senderId, sender_name: senderName } = message.system;
  if (kind !== 'file' || typeof id !== 'string' || id === '') return null;
  return {
    fileId: id,
    name: text(name),
    sizeBytes: typeof size === 'number' ? size : 0,
    isImage: typeof type === 'string' && images.includes(type),
    senderId: text(senderId),
    senderName: text(senderName),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

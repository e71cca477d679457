import { describe, expect, it } from 'vitest';
import type { SystemMessage } from '../signaling/messages.ts';
import { fileCard } from './fileCard.ts';

const about = (system: Record<string, unknown>): SystemMessage => ({ id: 'm-1', system, security: '', sent_at: 1 });
const file = { kind: 'file', room: 'r7k2m9qxw4tz', file_id: '0d2f', name: 'plan.png', size_bytes: 48213, content_type: 'image/png', sender_id: 'p-grace', sender_name: 'Grace' };

describe('a file in the chat', () => {
  it('is told by its verified announcement', () => {
    expect(fileCard(about(file))).toEqual({ fileId: '0d2f', name: 'plan.png', sizeBytes: 48213, isImage: true, senderId: 'p-grace', senderName: 'Grace' });
  });

  it.each(['image/svg+xml', 'text/html', 'application/octet-stream', undefined])('of the type %s is not shown as an image', (type) => {
    expect(fileCard(about({ ...file, content_type: type }))?.isImage).toBe(false);
  });

  it.each([{ ...file, kind: 'recording' }, { ...file, file_id: 7 }, { ...file, file_id: '' }, {}])('is none in %j', (system) => {
    expect(fileCard(about(system))).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { TextMessage } from '../signaling/messages.ts';
import { changeMessage, mergeMessages } from './chatLog.ts';

const line: TextMessage = { id: 'm-1', sender_id: 'p-ada', sender_name: 'Ada', text: 'hi', html: 'hi', sent_at: 1 };

describe('a message in the log', () => {
  it('shows its last edit', () => {
    const [edited] = changeMessage([line], { type: 'chat_edited', id: 'm-1', text: 'hello', html: 'hello', edited_at: 5, by: 'p-ada' });
    expect(edited).toEqual({ ...line, text: 'hello', html: 'hello', edited_at: 5 });
  });

  it('leaves nothing but its place when deleted', () => {
    const log = changeMessage([{ ...line, reactions: [{ emoji: '👍', by: ['p-grace'] }] }], { type: 'chat_deleted', id: 'm-1', deleted_at: 6, by: 'p-ada' });
    expect(log).toEqual([{ id: 'm-1', sender_id: 'p-ada', sender_name: 'Ada', sent_at: 1, deleted_at: 6 }]);
  });

  it('counts each participant once for a reaction, and forgets one that nobody has left', () => {
    const thumb = { type: 'reaction', message_id: 'm-1', emoji: '👍' } as const;
    const twice = changeMessage(changeMessage([line], { ...thumb, sender_id: 'p-ada', on: true }), { ...thumb, sender_id: 'p-ada', on: true });
    expect(twice).toEqual([{ ...line, reactions: [{ emoji: '👍', by: ['p-ada'] }] }]);
    expect(changeMessage(twice, { ...thumb, sender_id: 'p-ada', on: false })).toEqual([{ ...line, reactions: [] }]);
  });

  it('is not undone by the first wording that comes again', () => {
    const edited = changeMessage([line], { type: 'chat_edited', id: 'm-1', text: 'hello', html: 'hello', edited_at: 5, by: 'p-ada' });
    expect(mergeMessages(edited, [line])).toMatchObject([{ text: 'hello' }]);
    expect(mergeMessages(edited, [{ ...line, text: 'hi!', edited_at: 4 }])).toMatchObject([{ text: 'hello', edited_at: 5 }]);
    expect(mergeMessages(edited, [{ ...line, text: 'hello!', edited_at: 6 }])).toMatchObject([{ text: 'hello!', edited_at: 6 }]);
    const deleted = changeMessage([line], { type: 'chat_deleted', id: 'm-1', deleted_at: 6, by: 'p-ada' });
    expect(mergeMessages(deleted, [line])).toEqual(deleted);
  });

  it('takes the history\'s word over its own', () => {
    const tombstone = { id: 'm-1', sequence: 1, sender_id: 'p-ada', sender_name: 'Ada', sent_at: 1, deleted_at: 6 };
    expect(mergeMessages([line], [tombstone])).toEqual([tombstone]);
  });
});

import { fileCard } from './fileCard.ts';
import type { ChatChange } from '../room/roomEvents.ts';
import { isSystemMessage, isTombstone, type ChatMessage, type Reaction, type SystemMessage, type TextMessage } from '../signaling/messages.ts';

/** Adds messages to a log in the order they were sent; a message that is there already stays once, whatever way it came again. */
export function mergeMessages(log: readonly ChatMessage[], more: readonly ChatMessage[]): ChatMessage[] {
  const known = new Map(log.map((message) => [message.id, message]));
  for (const message of more) {
    const before = known.get(message.id);
    // A line that is repeated to newcomers, or a page of the history, may tell an older wording: what became of it since stays.
    if (before !== undefined && isTombstone(before)) continue;
    if (isTombstone(message)) known.set(message.id, message);
    else known.set(message.id, editedAt(before) > editedAt(message) ? { ...message, ...before } : { ...before, ...message });
  }
  return [...known.values()].sort((a, b) => a.sent_at - b.sent_at || (a.sequence ?? Infinity) - (b.sequence ?? Infinity) || 0);
}

function editedAt(message: ChatMessage | undefined): number {
  return message !== undefined && 'edited_at' in message ? message.edited_at ?? 0 : 0;
}

/** The log after an edit, a deletion or a reaction. What concerns a message that is not in the log changes nothing. */
export function changeMessage(log: readonly ChatMessage[], change: ChatChange): ChatMessage[] {
  const id = change.type === 'reaction' ? change.message_id : change.id;
  return log.map((message) => {
    if (message.id !== id || isTombstone(message)) return message;
    if (!isSystemMessage(message)) return changed(message, change);
    // A file that was taken back; what services say otherwise stays.
    return change.type === 'chat_deleted' ? tombstoneOf(message, change.deleted_at) : message;
  });
}

function tombstoneOf(message: SystemMessage, deletedAt: number): ChatMessage {
  const card = fileCard(message);
  return { id: message.id, sender_id: card?.senderId ?? '', sender_name: card?.senderName ?? '', sent_at: message.sent_at, deleted_at: deletedAt };
}

function changed(message: TextMessage, change: ChatChange): ChatMessage {
  switch (change.type) {
    case 'chat_edited':
      return { ...message, text: change.text, html: change.html, edited_at: change.edited_at };
    case 'chat_deleted': {
      const { id, sender_id, sender_name, sent_at } = message;
      const sequence = message.sequence === undefined ? {} : { sequence: message.sequence };
      return { id, sender_id, sender_name, sent_at, ...sequence, deleted_at: change.deleted_at };
    }
    case 'reaction':
      return { ...message, reactions: reacted(message.reactions ?? [], change.emoji, change.sender_id, change.on) };
  }
}

function reacted(reactions: readonly Reaction[], emoji: string, by: string, on: boolean): Reaction[] {
  const known = reactions.find((one) => one.emoji === emoji);
  const others = (known?.by ?? []).filter((one) => one !== by);
  const next = { emoji, by: on ? [...others, by] : others };
  const list = known === undefined ? [...reactions, next] : reactions.map((one) => (one === known ? next : one));
  return list.filter((one) => one.by.length > 0);
}

/** How many messages came after the last one that was seen, own ones not counted. */
export function countUnread(log: readonly ChatMessage[], seenAt: number, selfId: string): number {
  return log.filter((message) => message.sent_at > seenAt && !('sender_id' in message && message.sender_id === selfId)).length;
}

import type { ChatMessage } from '../signaling/messages.ts';

/** Adds messages to a log in the order they were sent; a message that is there already stays once, whatever way it came again. */
export function mergeMessages(log: readonly ChatMessage[], more: readonly ChatMessage[]): ChatMessage[] {
  const known = new Map(log.map((message) => [message.id, message]));
  for (const message of more) known.set(message.id, { ...known.get(message.id), ...message });
  return [...known.values()].sort((a, b) => a.sent_at - b.sent_at || (a.sequence ?? Infinity) - (b.sequence ?? Infinity) || 0);
}

/** How many messages came after the last one that was seen, own ones not counted. */
export function countUnread(log: readonly ChatMessage[], seenAt: number, selfId: string): number {
  return log.filter((message) => message.sent_at > seenAt && !('sender_id' in message && message.sender_id === selfId)).length;
}

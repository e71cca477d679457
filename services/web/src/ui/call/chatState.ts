import { batch, computed, signal } from '@preact/signals';
import { changeMessage, countUnread, mergeMessages } from '../../chat/chatLog.ts';
import type { ChatMessage } from '../../signaling/messages.ts';
import { errorText } from '../i18n/language.ts';
import { toast } from '../toasts.ts';
import type { CallModel } from './callModel.ts';
import { ChatFiles } from './chatFiles.ts';
import { ChatHistory } from './chatHistory.ts';
import { OutgoingLines, type OutgoingLine } from './outgoingLines.ts';

/** What was said in the chat, what is on its way, and what one has not seen yet. */
export class ChatState {
  readonly log = signal<ChatMessage[]>([]);
  readonly seenAt = signal(0);
  readonly isOpen = computed(() => this.#call.panel.value === 'chat');
  readonly unread = computed(() => (this.isOpen.value ? 0 : countUnread(this.log.value, this.seenAt.value, this.#call.id.value)));
  readonly history: ChatHistory;
  readonly files: ChatFiles;
  readonly #call: CallModel;
  readonly #outgoing = new OutgoingLines(({ clientId, text, edits }) => {
    if (edits === undefined) this.#call.room.say(text, clientId);
    else this.#call.room.edit(edits, text);
  });

  constructor(call: CallModel) {
    this.#call = call;
    this.history = new ChatHistory(call);
    this.files = new ChatFiles(call);
  }

  /** Lines that the gateway has not acknowledged yet; of edits, which their message will show, those that failed. */
  get outgoing(): OutgoingLine[] {
    return this.#outgoing.lines.value.filter(({ edits, state }) => edits === undefined || state === 'failed');
  }

  listen(): () => void {
    const { room } = this.#call;
    const unsubscribe = [
      // What was said before one came counts as history, not as unread.
      room.on('welcome', ({ server_time: now, resumed, complete }) => {
        if (this.seenAt.value === 0) this.seenAt.value = now;
        if (!resumed || !complete) this.#outgoing.begunAnew();
      }),
      room.on('chat', (message) => this.received([message])),
      room.on('history', (page) => this.history.received(page)),
      room.on('chatChanged', (change) => {
        this.log.value = changeMessage(this.log.value, change);
        if (change.type !== 'reaction') this.#outgoing.changed(change.id);
      }),
      room.on('refused', (error) => {
        if (this.#outgoing.refused(error)) return;
        // One without a reference ends the connection: the call's state tells what comes of that.
        if (error.ref !== undefined && error.code !== 'target_unknown' && error.code !== 'unknown_type') toast(errorText(error.code));
      }),
    ];
    return () => {
      for (const end of unsubscribe) end();
      this.#outgoing.close();
      this.files.close();
    };
  }

  say(text: string): void {
    this.#outgoing.add(text);
  }

  edit(messageId: string, text: string): void {
    this.#outgoing.edit(messageId, text);
  }

  sayAgain(line: OutgoingLine): void {
    this.#outgoing.send(line.clientId);
  }

  /** Puts messages where they belong in the log, whatever way they came. */
  received(messages: ChatMessage[]): void {
    batch(() => {
      this.log.value = mergeMessages(this.log.value, messages);
      for (const message of messages) if ('client_id' in message) this.#outgoing.acknowledged(message.client_id);
      if (this.isOpen.value) this.markSeen();
    });
  }

  markSeen(): void {
    this.seenAt.value = this.log.value.at(-1)?.sent_at ?? this.seenAt.value;
  }
}

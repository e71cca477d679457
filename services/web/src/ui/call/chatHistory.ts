import { computed, signal } from '@preact/signals';
import { chatApi, type ChatPage, type ExportFormat } from '../../api/chat.ts';
import type { ChatMessage } from '../../signaling/messages.ts';
import { complain } from '../complain.ts';
import { t } from '../i18n/language.ts';
import { saveFile } from '../saveFile.ts';
import type { CallModel } from './callModel.ts';

/** What was said before the page of history that one is given when one joins; searching it, and taking it away. */
export class ChatHistory {
  /** Whether there are lines before those that are here, as far as the pages tell. */
  readonly hasEarlier = computed(() => this.#before.value !== undefined && this.#before.value > 0);
  readonly loading = signal(false);
  /** Lines that match what is searched for, oldest first; null while nothing is. */
  readonly found = signal<ChatMessage[] | null>(null);
  readonly #call: CallModel;
  /** Where the page before the earliest that is here ends; 0 when none is before it, undefined before the first. */
  readonly #before = signal<number | undefined>(undefined);
  #search: AbortController | undefined;

  constructor(call: CallModel) {
    this.#call = call;
  }

  /** A page, whatever way it came; of several the earliest tells what is before it. */
  received(page: ChatPage): void {
    this.#call.chat.received(page.messages);
    this.#before.value = Math.min(this.#before.value ?? Infinity, page.next_before);
  }

  /** One page more, in front of what is here. */
  async loadEarlier(): Promise<void> {
    const before = this.#before.value;
    if (this.loading.value || before === undefined) return;
    this.loading.value = true;
    try {
      this.received(await chatApi.page(this.#call.roomId, before, await this.#call.token()));
    } catch (error) {
      complain(error);
    } finally {
      this.loading.value = false;
    }
  }

  /** Looks through the whole history; an empty text ends the search. */
  async search(text: string): Promise<void> {
    this.#search?.abort();
    if (text.trim() === '') {
      this.found.value = null;
      return;
    }
    const search = new AbortController();
    this.#search = search;
    try {
      const page = await chatApi.search(this.#call.roomId, text.trim(), await this.#call.token(), search.signal);
      if (!search.signal.aborted) this.found.value = page.messages;
    } catch (error) {
      if (!search.signal.aborted) complain(error);
    }
  }

  async save(format: ExportFormat): Promise<void> {
    try {
      const file = await chatApi.export(this.#call.roomId, format, await this.#call.token());
      saveFile(file, `${this.#call.title || t('lobby.untitled')}.${format === 'json' ? 'json' : 'txt'}`);
    } catch (error) {
      complain(error);
    }
  }
}

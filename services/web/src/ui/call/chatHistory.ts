import { signal } from '@preact/signals';
import { chatApi, type ExportFormat } from '../../api/chat.ts';
import type { ChatMessage } from '../../signaling/messages.ts';
import { complain } from '../complain.ts';
import { t } from '../i18n/language.ts';
import { saveFile } from '../saveFile.ts';
import type { CallModel } from './callModel.ts';

/** What was said before the page of history that one is given when one joins; searching it, and taking it away. */
export class ChatHistory {
  /** False once the first line of all is here. */
  readonly hasEarlier = signal(true);
  readonly loading = signal(false);
  /** Lines that match what is searched for, oldest first; null while nothing is. */
  readonly found = signal<ChatMessage[] | null>(null);
  readonly #call: CallModel;
  #search: AbortController | undefined;

  constructor(call: CallModel) {
    this.#call = call;
  }

  /** One page more, in front of what is here. */
  async loadEarlier(): Promise<void> {
    if (this.loading.value) return;
    const first = this.#call.chat.log.value.find(({ sequence }) => sequence !== undefined)?.sequence;
    if (first === undefined) {
      this.hasEarlier.value = false;
      return;
    }
    this.loading.value = true;
    try {
      const page = await chatApi.page(this.#call.roomId, first, await this.#call.token());
      this.#call.chat.received(page.messages);
      this.hasEarlier.value = page.next_before > 0 && page.messages.length > 0;
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

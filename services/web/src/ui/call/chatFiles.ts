import { signal } from '@preact/signals';
import { chatApi } from '../../api/chat.ts';
import type { FileCard } from '../../chat/fileCard.ts';
import { complain } from '../complain.ts';
import { t } from '../i18n/language.ts';
import { saveFile } from '../saveFile.ts';
import { toast } from '../toasts.ts';
import type { CallModel } from './callModel.ts';

/** What the server takes, unless it is configured otherwise: then it says so. */
const mostBytes = 10 * 1024 * 1024;

export interface FileOnItsWay {
  key: string;
  name: string;
}

/** Files of the chat: up, announced, and down again. */
export class ChatFiles {
  readonly onTheirWay = signal<FileOnItsWay[]>([]);
  readonly #call: CallModel;
  /** Pictures that were shown already, as addresses within this page. */
  readonly #pictures = new Map<string, Promise<string>>();

  constructor(call: CallModel) {
    this.#call = call;
  }

  async send(files: Iterable<File>): Promise<void> {
    for (const file of files) await this.#sendOne(file);
  }

  /** Address of a picture within this page; the file itself needs a token. */
  picture({ fileId }: FileCard): Promise<string> {
    const known = this.#pictures.get(fileId);
    if (known !== undefined) return known;
    const address = this.#load(fileId).then((file) => URL.createObjectURL(file));
    this.#pictures.set(fileId, address);
    address.catch(() => this.#pictures.delete(fileId));
    return address;
  }

  async save({ fileId, name }: FileCard): Promise<void> {
    try {
      saveFile(await this.#load(fileId), name);
    } catch (error) {
      complain(error);
    }
  }

  close(): void {
    for (const picture of this.#pictures.values()) void picture.then((address) => URL.revokeObjectURL(address), () => undefined);
  }

  async #load(fileId: string): Promise<Blob> {
    return chatApi.file(this.#call.roomId, fileId, await this.#call.token());
  }

  async #sendOne(file: File): Promise<void> {
    if (file.size > mostBytes) {
      toast(t('file.tooLarge', { name: file.name }), 'error');
      return;
    }
    const way = { key: crypto.randomUUID(), name: file.name };
    this.onTheirWay.value = [...this.onTheirWay.value, way];
    try {
      const { system_data: system, security } = await chatApi.upload(this.#call.roomId, file, await this.#call.token());
      this.#call.room.saySystem(system, security);
    } catch (error) {
      complain(error);
    } finally {
      this.onTheirWay.value = this.onTheirWay.value.filter(({ key }) => key !== way.key);
    }
  }
}

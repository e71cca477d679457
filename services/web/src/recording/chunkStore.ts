/** What of a recording is kept in the browser until the server has sealed it, addressed by its offset in the recording. */
export interface ChunkStore {
  /** Bytes kept, from the recording's first on. */
  readonly size: number;
  /** Bytes from an offset on, at most `limit`. */
  read: (offset: number, limit: number) => Promise<Blob>;
}

/** What it takes to go on with an upload when the page that made the recording is gone. */
export interface UploadNote {
  recordingId: string;
  title: string;
  /** Lets its holder go on with this one upload and nothing else; worthless once the recording is sealed. */
  uploadKey: string;
}

const folderName = 'recordings';
const noteName = 'upload.json';
const chunkName = /^(\d{15})\.chunk$/;

/**
 * Keeps the chunks of one recording in the origin-private file system, each in a file of its own that is there whole or not at all:
 * a page or a browser that is killed loses the chunk that was being recorded, and no other.
 */
export class StoredChunks implements ChunkStore {
  readonly #folder: FileSystemDirectoryHandle;
  /** Offsets of the chunks, rising. */
  readonly #offsets: number[] = [];
  #size = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  /** The ids of all recordings that have not been sealed yet. */
  static async all(): Promise<string[]> {
    const ids: string[] = [];
    for await (const name of (await root()).keys()) ids.push(name);
    return ids;
  }

  /** Opens a recording's chunks as an earlier page left them; a new recording has none. */
  static async open(recordingId: string): Promise<StoredChunks> {
    const chunks = new StoredChunks(await (await root()).getDirectoryHandle(recordingId, { create: true }));
    const names: string[] = [];
    for await (const name of chunks.#folder.keys()) if (chunkName.test(name)) names.push(name);
    for (const name of names.sort()) {
      const offset = Number(chunkName.exec(name)?.[1]);
      // A chunk that does not follow upon the one before it cannot be uploaded, nor can any after it.
      if (offset !== chunks.#size) break;
      const { size } = await (await chunks.#folder.getFileHandle(name)).getFile();
      if (size === 0) break;
      chunks.#offsets.push(offset);
      chunks.#size += size;
    }
    return chunks;
  }

  get size(): number {
    return this.#size;
  }

  /** Resolves when the chunk outlives the page. Chunks are kept in the order of the calls. */
  append(chunk: Blob): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const offset = this.#size;
      await this.#write(`${String(offset).padStart(15, '0')}.chunk`, chunk);
      this.#offsets.push(offset);
      this.#size += chunk.size;
    });
    return this.#writing;
  }

  /** Resolves when all chunks so far outlive the page. */
  kept(): Promise<void> {
    return this.#writing;
  }

  async read(offset: number, limit: number): Promise<Blob> {
    const index = this.#offsets.findLastIndex((start) => start <= offset);
    const files: Blob[] = [];
    let missing = limit;
    for (const [position, start] of this.#offsets.entries()) {
      if (position < index || missing <= 0) continue;
      const file = await (await this.#folder.getFileHandle(`${String(start).padStart(15, '0')}.chunk`)).getFile();
      const part = file.slice(Math.max(0, offset - start)).slice(0, missing);
      files.push(part);
      missing -= part.size;
    }
    return new Blob(files);
  }

  async note(): Promise<UploadNote | undefined> {
    try {
      return JSON.parse(await (await (await this.#folder.getFileHandle(noteName)).getFile()).text()) as UploadNote;
    } catch {
      // Killed before the server knew the recording, or while the note was written: there is nothing to go on with.
      return undefined;
    }
  }

  setNote(note: UploadNote): Promise<void> {
    return this.#write(noteName, new Blob([JSON.stringify(note)]));
  }

  /** Forgets the recording. */
  async remove(): Promise<void> {
    await (await root()).removeEntry(this.#folder.name, { recursive: true });
  }

  async #write(name: string, content: Blob): Promise<void> {
    const file = await (await this.#folder.getFileHandle(name, { create: true })).createWritable();
    await file.write(content);
    await file.close();
  }
}

async function root(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, { create: true });
}

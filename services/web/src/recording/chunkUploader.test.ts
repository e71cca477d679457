import { describe, expect, it } from 'vitest';
import { seededRandom } from '../peer/modelConnection.ts';
import type { ChunkStore } from './chunkStore.ts';
import { ChunkUploader } from './chunkUploader.ts';

/** The recordings API as far as an upload sees it; `mishap` says what goes wrong with each request. */
class RecordingServer {
  stored = '';
  requests = 0;
  readonly mishap: (request: number) => 'none' | 'lost' | 'answer lost' | 'not stored' | number;

  constructor(mishap: (request: number) => 'none' | 'lost' | 'answer lost' | 'not stored' | number) {
    this.mishap = mishap;
  }

  readonly fetch = async (_path: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const mishap = this.mishap(++this.requests);
    if (mishap === 'lost') throw new TypeError('network');
    if (typeof mishap === 'number') return Response.json({ code: mishap < 500 ? 'recording_sealed' : 'unavailable' }, { status: mishap });
    const offset = new Headers(init?.headers).get('Upload-Offset');
    if (init?.method === 'PATCH') {
      if (Number(offset) !== this.stored.length) return Response.json({ code: 'upload_offset' }, { status: 409 });
      if (mishap !== 'not stored') this.stored += await (init.body as Blob).text();
    }
    if (mishap === 'answer lost') throw new TypeError('network');
    return new Response(null, { status: init?.method === 'PATCH' ? 204 : 200, headers: { 'Upload-Offset': String(this.stored.length) } });
  };
}

/** Chunks in memory. */
class KeptChunks implements ChunkStore {
  #text = '';

  get size(): number {
    return this.#text.length;
  }

  append(text: string): void {
    this.#text += text;
  }

  read(offset: number, limit: number): Promise<Blob> {
    return Promise.resolve(new Blob([this.#text.slice(offset, offset + limit)]));
  }
}

function uploader(server: RecordingServer, wait: () => Promise<void> = () => Promise.resolve()): { upload: ChunkUploader; append: (text: string) => void } {
  const chunks = new KeptChunks();
  const upload = new ChunkUploader({ recordingId: '01k5pzbg0a7v3qd9xw4tz2m8nc', uploadKey: 'k', chunks, fetch: server.fetch, wait });
  return {
    upload,
    append: (text) => {
      chunks.append(text);
      // What is hopeless now is so for `flush` too.
      upload.push().catch(() => undefined);
    },
  };
}

describe('chunk upload', () => {
  it('stores every byte once and in order, whatever the network does', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seededRandom(seed);
      const server = new RecordingServer(() => {
        const dice = random();
        return dice < 0.2 ? 'lost' : dice < 0.4 ? 'answer lost' : dice < 0.5 ? 503 : 'none';
      });
      const { upload, append } = uploader(server);
      let expected = '';
      for (let chunk = 0; chunk < 12; chunk++) {
        const text = `${chunk}:`.padEnd(1 + Math.floor(random() * 20), '.');
        expected += text;
        append(text);
        if (random() < 0.5) await Promise.resolve();
      }
      await upload.flush();
      expect(server.stored, `seed ${seed}`).toBe(expected);
      expect(upload.stored).toBe(expected.length);
    }
  });

  it('waits before it repeats what was taken and not stored', async () => {
    const server = new RecordingServer((request) => (request <= 6 ? 'not stored' : 'none'));
    let waits = 0;
    const { upload, append } = uploader(server, () => {
      waits++;
      return Promise.resolve();
    });
    append('abc');
    await upload.flush();
    expect(server.stored).toBe('abc');
    expect(waits).toBe(3);
  });

  it('goes on from where the server is when it has more than was acknowledged', async () => {
    const server = new RecordingServer((request) => (request === 1 ? 'answer lost' : 'none'));
    const { upload, append } = uploader(server);
    append('abc');
    await upload.flush();
    expect(server.stored).toBe('abc');
  });

  it('goes back to where the server is when it has forgotten what it acknowledged', async () => {
    const server = new RecordingServer((request) => (request === 2 ? 503 : 'none'));
    const { upload, append } = uploader(server);
    append('abcdef');
    await upload.flush();
    server.stored = 'ab';
    append('ghi');
    await upload.flush();
    expect(server.stored).toBe('abcdefghi');
  });

  it('asks first where a page before it left off', async () => {
    const server = new RecordingServer(() => 'none');
    server.stored = 'abc';
    const chunks = new KeptChunks();
    chunks.append('abcdef');
    const upload = new ChunkUploader({ recordingId: '01k5pzbg0a7v3qd9xw4tz2m8nc', uploadKey: 'k', chunks, fetch: server.fetch });
    await upload.resume();
    await upload.flush();
    expect(server.stored).toBe('abcdef');
    expect(server.requests).toBe(2);
  });

  it.each([403, 404, 409, 413, 422, 507])('gives up when the server will never take it: %i', async (status) => {
    const { upload, append } = uploader(new RecordingServer(() => status));
    append('abc');
    await expect(upload.flush()).rejects.toMatchObject({ status });
  });
});

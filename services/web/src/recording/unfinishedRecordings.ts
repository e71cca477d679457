import { rest, type Recording } from '../api/rest.ts';
import { StoredChunks } from './chunkStore.ts';
import { ChunkUploader } from './chunkUploader.ts';
import { Problem } from '../api/problem.ts';

/** Whether this browser has the origin-private file system and web locks, without which nothing is recorded; a page over plain HTTP has neither. */
export function canKeepChunks(): boolean {
  return 'locks' in navigator && 'storage' in navigator && 'getDirectory' in navigator.storage && 'createWritable' in FileSystemFileHandle.prototype;
}

/** Held by the page that records or uploads a recording, so that no two pages work on the same one; the browser frees it with the page. */
export function withRecording<Result>(recordingId: string, work: () => Promise<Result>): Promise<Result | undefined> {
  return navigator.locks.request(`clearway-recording-${recordingId}`, { ifAvailable: true }, (lock) => (lock === null ? undefined : work()));
}

/** Uploads and seals what pages before this one were killed over; `done` is told of each recording that is safe now. */
export async function finishRecordings(done: (recording: Recording) => void): Promise<void> {
  if (!canKeepChunks()) return;
  for (const recordingId of await StoredChunks.all()) {
    const recording = await withRecording(recordingId, () => finish(recordingId));
    if (recording !== undefined) done(recording);
  }
}

async function finish(recordingId: string): Promise<Recording | undefined> {
  const chunks = await StoredChunks.open(recordingId);
  const note = await chunks.note();
  if (note === undefined) {
    await chunks.remove();
    return undefined;
  }
  try {
    const uploader = new ChunkUploader({ recordingId, uploadKey: note.uploadKey, chunks });
    await uploader.resume();
    await uploader.flush();
  } catch (error) {
    // Sealed, by this browser before it was killed or by the server's policy: asking for the seal tells the same again.
    if (!(error instanceof Problem && error.code === 'recording_sealed')) {
      await forgetIfLost(error, chunks);
      return undefined;
    }
  }
  try {
    const recording = await rest.sealRecording(recordingId, note.uploadKey);
    await chunks.remove();
    return recording;
  } catch (error) {
    await forgetIfLost(error, chunks);
    return undefined;
  }
}

/** Where the server knows no such recording any more, or takes it for no media, what is kept here is of no use. Else the next visit tries again. */
async function forgetIfLost(error: unknown, chunks: StoredChunks): Promise<void> {
  const lost = ['not_found', 'upload_key_refused', 'recording_malformed'];
  if (error instanceof Problem && lost.includes(error.code)) await chunks.remove();
}

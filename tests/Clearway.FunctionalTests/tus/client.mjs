// Drives the unmodified tus-js-client as the test tells it by its arguments, and writes what came of it as one line of JSON.
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { Upload } from 'tus-js-client';

const [action, root, token, recordingId, path] = process.argv.slice(2);
const chunkSize = 30_000;
const bytes = await readFile(path);

const seen = [];
const options = {
  endpoint: root,
  chunkSize,
  retryDelays: [0, 200, 500],
  headers: { Authorization: `Bearer ${token}` },
  metadata: { recording_id: recordingId, title: 'Планёрка' },
  onAfterResponse: (request, response) => {
    seen.push(`${request.getMethod()} ${response.getStatus()}`);
  },
};

function run(source, more) {
  return new Promise((resolve, reject) => {
    const upload = new Upload(source, { ...options, ...more, onSuccess: () => resolve(upload), onError: reject });
    upload.start();
  });
}

/** Starts an upload and takes the connection away once more than half of it is acknowledged; answers the upload's URL. */
function cut() {
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      ...options,
      onError: reject,
      onChunkComplete: (_, stored) => {
        if (stored < bytes.length / 2) return;
        void upload.abort().then(() => resolve(upload.url));
      },
    });
    upload.start();
  });
}

const actions = {
  whole: () => run(bytes, {}),
  deferred: () => run(bytes, { uploadLengthDeferred: true }),
  resume: async () => run(bytes, { uploadUrl: await cut(), metadata: {} }),
  terminate: async () => Upload.terminate(await cut(), options),
  checksum: () => run(bytes, {
    onBeforeRequest: (request) => {
      if (request.getMethod() !== 'PATCH') return;
      const offset = Number(request.getHeader('Upload-Offset'));
      const digest = createHash('sha256').update(bytes.subarray(offset, offset + chunkSize)).digest('base64');
      request.setHeader('Upload-Checksum', `sha256 ${digest}`);
    },
  }),
  wrongChecksum: () => run(bytes, {
    retryDelays: [],
    onBeforeRequest: (request) => {
      if (request.getMethod() === 'PATCH') request.setHeader('Upload-Checksum', `sha1 ${Buffer.alloc(20).toString('base64')}`);
    },
  }),
};

let status = 0;
try {
  await actions[action]();
} catch (error) {
  status = error.originalResponse?.getStatus() ?? -1;
  if (status === -1) console.error(error);
}
console.log(JSON.stringify({ status, seen }));

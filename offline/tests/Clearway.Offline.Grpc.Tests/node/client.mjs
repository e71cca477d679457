// Calls the probe service with grpc-js: node client.mjs ADDRESS SCENARIO. Writes what happened as one line of JSON.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { protocol, grpc } from './probe.mjs';

const [address, scenario] = process.argv.slice(2);
const credentials = grpc.credentials.createInsecure();
const probe = new protocol.Probe(address, credentials);

function outcome(error, value) {
  return error
    ? { code: error.code, details: error.details, trailers: asText(error.metadata), ...value }
    : { code: 0, ...value };
}

function asText(metadata) {
  return Object.fromEntries(Object.keys(metadata.getMap()).map((key) =>
    [key, metadata.get(key).map((value) => (typeof value === 'string' ? value : value.toString('hex'))).join(',')]));
}

function unary(request, { metadata = new grpc.Metadata(), options = {}, client = probe, method = 'Echo' } = {}) {
  return new Promise((resolve) => {
    const seen = {};
    const call = client[method](request, metadata, options, (error, reply) => {
      seen.error = error;
      seen.reply = reply;
    });
    seen.call = call;
    call.on('metadata', (headers) => { seen.headers = asText(headers); });
    call.on('status', (status) => resolve(outcome(seen.error, {
      headers: seen.headers, trailers: asText(status.metadata), text: seen.reply?.text, timeLeft: seen.reply?.time_left,
      padding: seen.reply?.padding.length,
    })));
  });
}

async function collect(chunks, write = async (call, chunk) => call.write(chunk) || once(call, 'drain')) {
  let result;
  const ended = new Promise((resolve) => {
    result = (error, reply) => resolve(outcome(error, { digest: reply }));
  });
  const call = probe.Collect(result);
  call.on('error', () => {});
  for (const chunk of chunks) await Promise.race([write(call, chunk), ended]);
  call.end();
  return ended;
}

function produce(request, onChunk = () => {}, options = {}) {
  return new Promise((resolve) => {
    const hash = createHash('sha256');
    let chunks = 0;
    let headers;
    const call = probe.Produce(request, new grpc.Metadata(), options);
    call.on('metadata', (metadata) => { headers = asText(metadata); });
    call.on('data', (chunk) => {
      chunks++;
      hash.update(chunk.data);
      onChunk(call, chunks);
    });
    call.on('error', () => {});
    call.on('status', (status) => resolve({
      code: status.code, details: status.details, chunks, sha256: hash.digest('hex'), headers, trailers: asText(status.metadata),
    }));
  });
}

async function converse(texts) {
  const call = probe.Converse();
  const replies = [];
  const ended = new Promise((resolve) => call.on('status', (status) => resolve({ code: status.code, details: status.details, replies })));
  call.on('error', () => {});
  for (const request of texts) {
    call.write(request);
    const next = await Promise.race([once(call, 'data').catch(() => undefined), ended]);
    if (Array.isArray(next)) replies.push(next[0].text);
  }
  call.end();
  return ended;
}

function* chunks(count, size) {
  for (let n = 0; n < count; n++) yield { data: Buffer.alloc(size, n % 251) };
}

const scenarios = {
  unary: () => unary({ text: 'Grüße, мир 👋' }),
  metadata: () => {
    const metadata = new grpc.Metadata();
    metadata.set('probe-text', 'plain');
    metadata.set('probe-data-bin', Buffer.from([0, 1, 2, 253, 254, 255]));
    metadata.add('probe-data-bin', Buffer.from([9]));
    return unary({ text: 'x' }, { metadata });
  },
  status: () => unary({ text: 'nicht möglich: 100% 人\n\ttab', status: grpc.status.FAILED_PRECONDITION }),
  deadline: () => unary({ hang: true }, { options: { deadline: Date.now() + 300 } }),
  'deadline-seen': () => unary({ text: 'x' }, { options: { deadline: Date.now() + 60_000 } }),
  'large-reply': () => unary({ reply_padding: 3 * 1024 * 1024 }),
  'too-large': () => unary({ padding: Buffer.alloc(4 * 1024 * 1024) }),
  neglected: () => unary({ text: 'x' }, { method: 'Neglected' }),
  absent: () => unary({ text: 'x' }, { method: 'Call', client: new protocol.Absent(address, credentials) }),
  gzip: () => unary({ text: 'x'.repeat(10_000) }, {
    client: new protocol.Probe(address, credentials, { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip }),
  }),
  collect: () => collect(chunks(512, 64 * 1024)),
  refuse: () => collect([{ data: Buffer.alloc(10) }, { refuse_with: grpc.status.OUT_OF_RANGE }]),
  produce: () => produce({ count: 512, size: 64 * 1024 }),
  'produce-none': () => produce({ count: 0 }),
  cancel: () => produce({ count: 3, size: 10, stay_open: true }, (call, seen) => { if (seen === 3) call.cancel(); }),
  converse: () => converse(['eins', 'zwei', 'drei'].map((text) => ({ text }))),
  'converse-refused': () => converse([{ text: 'eins' }, { text: 'genug', status: grpc.status.ABORTED }]),
};

console.log(JSON.stringify(await scenarios[scenario]()));
process.exit(0);

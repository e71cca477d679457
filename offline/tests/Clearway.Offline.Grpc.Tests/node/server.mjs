// The probe service on grpc-js. Writes its port as the first line, ends when its input does.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { protocol, grpc } from './probe.mjs';

let cancelled = 0;
let chunksSent = 0;

function countCancelled(call) {
  call.on('cancelled', () => cancelled++);
}

function answerHeaders(call) {
  const headers = new grpc.Metadata();
  for (const name of ['probe-text', 'probe-data-bin']) {
    for (const value of call.metadata.get(name)) headers.add(name, value);
  }
  return headers;
}

function answerTrailers(call) {
  const trailers = new grpc.Metadata();
  trailers.set('trailer-text', 'after all');
  trailers.set('trailer-data-bin', Buffer.from([0, 255, 128, 1]));
  return trailers;
}

function timeLeft(call) {
  const deadline = call.getDeadline();
  return Number.isFinite(Number(deadline)) ? Number(deadline) - Date.now() : -1;
}

function refusal(code, text) {
  const metadata = new grpc.Metadata();
  metadata.set('reason', 'asked-to');
  return { code, details: text, metadata };
}

function reply(call, request) {
  return { text: request.text, padding: Buffer.alloc(request.reply_padding, 7), time_left: timeLeft(call) };
}

const implementation = {
  Echo(call, callback) {
    countCancelled(call);
    call.sendMetadata(answerHeaders(call));
    if (call.request.hang) return;
    if (call.request.status !== 0) callback(refusal(call.request.status, call.request.text));
    else callback(null, reply(call, call.request), answerTrailers(call));
  },

  Collect(call, callback) {
    countCancelled(call);
    const hash = createHash('sha256');
    let chunks = 0;
    let bytes = 0;
    let refused = false;
    call.on('data', (chunk) => {
      if (refused) return;
      if (chunk.refuse_with !== 0) {
        refused = true;
        callback(refusal(chunk.refuse_with, 'no more of these'));
        return;
      }
      chunks++;
      bytes += chunk.data.length;
      hash.update(chunk.data);
    });
    call.on('end', () => {
      if (!refused) callback(null, { chunks, bytes, sha256: hash.digest('hex') }, answerTrailers(call));
    });
  },

  async Produce(call) {
    countCancelled(call);
    call.sendMetadata(answerHeaders(call));
    const { count, size, stay_open: stayOpen } = call.request;
    for (let n = 0; n < count && !call.cancelled; n++) {
      const room = call.write({ data: Buffer.alloc(size, n % 251) });
      chunksSent++;
      if (!room) await Promise.race([once(call, 'drain'), once(call, 'cancelled')]);
    }
    if (!stayOpen) call.end(answerTrailers(call));
  },

  Converse(call) {
    countCancelled(call);
    call.on('data', (request) => {
      if (request.status !== 0) call.emit('error', refusal(request.status, request.text));
      else call.write(reply(call, request));
    });
    call.on('end', () => call.end());
  },

  Observe(_call, callback) {
    callback(null, { cancelled, chunks_sent: chunksSent });
  },
};

const server = new grpc.Server();
server.addService(protocol.Probe.service, implementation);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

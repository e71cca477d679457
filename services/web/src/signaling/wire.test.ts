import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ClientMessage } from './messages.ts';
import { parseServerMessage } from './serverMessage.ts';

const folder = new URL('../../../../tests/wire/', import.meta.url);
const golden = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

const relayed = { target_id: 'p-grace' };
const sdp = 'v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';

/** What the client sends, written with the client's own types: it must come out as the golden files say. */
const sent: Record<string, ClientMessage> = {
  'client.answer.json': { type: 'answer', ...relayed, payload: { type: 'answer', sdp } },
  'client.offer.json': { type: 'offer', ...relayed, payload: { type: 'offer', sdp } },
  'client.candidate.json': {
    type: 'candidate', ...relayed,
    payload: { candidate: 'candidate:1 1 udp 2122260223 192.0.2.1 54400 typ host', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'EsAw' },
  },
  'client.chat.json': { type: 'chat', text: '2 < 3 & "so on" 👋', client_id: 'local-1' },
  'client.chat-system.json': {
    type: 'chat',
    system_data: '{"kind":"recording","room":"r7k2m9qxw4tz","recording_id":"01k5pzbg0a7v3qd9xw4tz2m8nc","title":"Weekly","size_bytes":1048576,"duration_ms":61000,"link":"/api/v1/records/01k5pzbg0a7v3qd9xw4tz2m8nc/file?expires=1790604861000&signature=00ff"}',
    security: 'c6642dd6db1068318bf05b1dc86159fda3b0aead0811a9edecaf2fabc70f1d92',
  },
  'client.control_frame.json': { type: 'control_frame', command: 'START_RECORD' },
  'client.control_frame-own.json': { type: 'control_frame', command: 'RECORD_OWN_TRACK' },
  'client.control_frame-stop.json': { type: 'control_frame', command: 'STOP_RECORD' },
  'client.control_frame-mute.json': { type: 'control_frame', command: 'MUTE_AUDIO', target_id: 'p-grace', locked: true },
  'client.control_frame-kick.json': { type: 'control_frame', command: 'KICK_PEER', target_id: 'p-grace', reason: 'spam' },
  'client.control_frame-proof.json': {
    type: 'control_frame', command: 'GLOBAL_MUTE_AUDIO', locked: true, proof: 'MIIB.MIIC.bm9uY2U=.1790000000000.c2lnbmF0dXJl',
  },
  'client.control_frame-extend.json': { type: 'control_frame', command: 'EXTEND', minutes: 15 },
  'client.control_frame-lock.json': { type: 'control_frame', command: 'LOCK_ROOM', locked: true },
  'client.control_frame-admit.json': { type: 'control_frame', command: 'ADMIT', target_id: 'p-grace' },
  'client.renew.json': { type: 'renew', token: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln' },
  'client.chat_edit.json': { type: 'chat_edit', message_id: '4f0c6d2e-8f5b-4c57-9a35-0d3c1c1d6a11', text: '2 < 3 & "so on" 👋' },
  'client.chat_delete.json': { type: 'chat_delete', message_id: '4f0c6d2e-8f5b-4c57-9a35-0d3c1c1d6a11' },
  'client.reaction.json': { type: 'reaction', message_id: '4f0c6d2e-8f5b-4c57-9a35-0d3c1c1d6a11', emoji: '👍', on: true },
  'client.raise_hand.json': { type: 'raise_hand', raised: true },
  'client.pointer.json': { type: 'pointer', x: 0.25, y: 1 },
  'client.gesture.json': { type: 'gesture', emoji: '👏' },
  'client.quality.json': {
    type: 'quality', target_id: 'p-grace', rtt_ms: 42, jitter_ms: 7, loss: 0.025, kbps_in: 512, kbps_out: 480, candidate: 'relay', mos: 388, cause: 'loss',
  },
  'client.join.json': { type: 'join', token: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln', max_peers: 8, ttl_minutes: 30 },
  'client.join-resume.json': { type: 'join', token: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln', resume: 'c-5v2k9q7d3m1x8z4t6b0n2p4r', received: 12 },
  'client.join-lacks_history.json': {
    type: 'join', token: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln', resume: 'c-5v2k9q7d3m1x8z4t6b0n2p4r', received: 0, lacks_history: true,
  },
  'client.leave.json': { type: 'leave' },
  'client.media_state.json': { type: 'media_state', audio: true, video: false, screen: true },
};

describe('golden frames', () => {
  it.each(files.filter((name) => name.startsWith('client.')))('%s is what the client sends', (name) => {
    expect(sent[name]).toEqual(JSON.parse(golden(name)));
  });

  it.each(files.filter((name) => name.startsWith('server.')))('%s is understood whole', (name) => {
    const message = JSON.parse(golden(name)) as { type: string };
    expect(parseServerMessage(golden(name))).toEqual({ type: message.type, message });
  });

  it.each(files.filter((name) => name.startsWith('server.')))('%s without a member it needs is refused', (name) => {
    const message = JSON.parse(golden(name)) as Record<string, unknown>;
    // `html` is for those who embed messages elsewhere; the others may be left out by the protocol.
    const optional = new Set(['client_id', 'ref', 'retry_after_ms', 'sequence', 'html', 'knocking']);
    if (message['type'] === 'room_policy') optional.add('by');
    for (const member of Object.keys(message).filter((one) => !optional.has(one))) {
      const { [member]: _, ...rest } = message;
      expect(parseServerMessage(JSON.stringify(rest)).message, member).toBeNull();
    }
  });
});

describe('hostile frames', () => {
  it.each(['', 'null', '[]', '1', '{', '{}', '{"type":1}', '{"type":"constructor"}', '{"type":"peer-joined","participant":[]}'])('%s is refused', (frame) => {
    expect(parseServerMessage(frame).message).toBeNull();
  });

  it('ignores members it does not know', () => {
    expect(parseServerMessage('{"type":"peer-away","id":"p-1","later":true}').message).toMatchObject({ type: 'peer-away', id: 'p-1' });
  });

  it('tell their type also where they are not understood: they count all the same', () => {
    expect(parseServerMessage('{"type":"offer"}')).toEqual({ type: 'offer', message: null });
    expect(parseServerMessage('{"type":"unheard-of"}')).toEqual({ type: 'unheard-of', message: null });
  });
});

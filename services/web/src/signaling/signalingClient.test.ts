import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerMessage, Welcome } from './messages.ts';
import { ModelSocket } from './modelSocket.ts';
import { SignalingClient } from './signalingClient.ts';

const welcome: Welcome = {
  type: 'welcome', id: 'p-ada', role: 'participant', name: 'Ada', room: { id: 'r', title: 'Weekly' }, participants: [],
  policy: { max_peers: 8, ttl_minutes: 30, locked: false, lobby: false, wait_for_moderator: false, own_tracks: false, paused_at: 0, advice: null }, deadline: 1, resume: 'c-1', resumed: false, received: 0, complete: true, ice_servers: [], recording: null, speaker: null, hand: 0, audio_locked: false, video_locked: false, server_time: 0,
};

describe('signaling client', () => {
  let sockets: ModelSocket[];
  let client: SignalingClient;
  let token: string;
  let ended: string[];
  let networkIsBack: () => void;

  const last = (): ModelSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  const join = async (): Promise<void> => {
    client.start();
    await last().open();
    last().receive(welcome);
  };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', (_name: string, listener: () => void) => (networkIsBack = listener));
    vi.stubGlobal('removeEventListener', () => undefined);
    sockets = [];
    ended = [];
    token = 'first';
    client = new SignalingClient({
      url: 'ws://here/api/v1/ws',
      trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
      roomId: 'r7k2m9qxw4tz',
      token: () => Promise.resolve(token),
      wishes: { max_peers: 8 },
      openSocket: (_url, protocols) => {
        const socket = new ModelSocket(protocols);
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
    });
    client.on('ended', (reason) => ended.push(reason));
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('offers its protocol, its trace and its room, and joins first', async () => {
    await join();
    expect(last().protocols).toEqual(['clearway.v1', `traceparent.00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, 'room.r7k2m9qxw4tz']);
    expect(last().sent).toEqual([{ type: 'join', token: 'first', max_peers: 8 }]);
    expect(client.state).toBe('joined');
  });

  it.each([1001, 1006, 1011, 4000, 4001, 4002, 4003, 4004, 4005])('comes back with resume and a fresh token after close code %i', async (code) => {
    await join();
    token = 'second';
    last().drop(code);
    expect(client.state).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(600);
    await last().open();
    expect(sockets).toHaveLength(2);
    expect(last().sent[0]).toMatchObject({ type: 'join', token: 'second', resume: 'c-1' });
  });

  it.each([[4100, 'bad_json'], [4101, 'token_expired'], [4103, 'replaced'], [4105, 'room_expired'], [4108, 'room_full'], [1009, 'frame_too_large']])(
    'does not come back after close code %i', async (code, reason) => {
      await join();
      last().drop(code);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(sockets).toHaveLength(1);
      expect(ended).toEqual([reason]);
    });

  it('gives the reason of the error frame before that of the close code', async () => {
    await join();
    last().receive({ type: 'error', code: 'token_revoked', message: '' });
    last().drop(4101);
    expect(ended).toEqual(['token_revoked']);
  });

  it('waits as long as the server asks', async () => {
    await join();
    last().receive({ type: 'error', code: 'unavailable', message: '', retry_after_ms: 8_000 });
    last().drop(4003);
    await vi.advanceTimersByTimeAsync(7_900);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(sockets).toHaveLength(2);
  });

  it('sends what was said meanwhile, in order, after the next welcome', async () => {
    await join();
    last().drop(1006);
    client.send({ type: 'chat', text: 'one' });
    client.send({ type: 'media_state', audio: true, video: true, screen: false });
    client.send({ type: 'chat', text: 'two' });
    await vi.advanceTimersByTimeAsync(600);
    await last().open();
    expect(last().sent).toHaveLength(1);
    last().receive({ ...welcome, resume: 'c-2' });
    expect(last().sent.slice(1)).toEqual([{ type: 'chat', text: 'one' }, { type: 'chat', text: 'two' }]);
  });

  it('tells how many frames it got, and sends again what the server did not get', async () => {
    await join();
    last().receive({ type: 'offer', sender_id: 'p-grace', payload: {} });
    last().receive({ type: 'peer-away', id: 'p-grace' });
    last().receive({ type: 'unheard-of' } as unknown as ServerMessage);
    last().receive({ type: 'chat_broadcast', id: '1', sent_at: 1 } as unknown as ServerMessage);
    for (const text of ['one', 'two', 'three']) client.send({ type: 'chat', text });
    client.send({ type: 'media_state', audio: true, video: true, screen: false });
    last().drop(1006);
    client.send({ type: 'chat', text: 'four' });
    await vi.advanceTimersByTimeAsync(600);
    await last().open();
    expect(last().sent).toEqual([{ type: 'join', token: 'first', resume: 'c-1', received: 2, lacks_history: true, max_peers: 8 }]);
    last().receive({ ...welcome, resumed: true, received: 2 });
    expect(last().sent.slice(1)).toMatchObject([{ text: 'three' }, { type: 'media_state' }, { text: 'four' }]);
  });

  it('takes its time with the candidates of a large room, each after its offer, and never floods the gateway', async () => {
    await join();
    const peers = Array.from({ length: 15 }, (_, index) => `p-${String(index)}`);
    for (const target_id of peers) {
      client.send({ type: 'offer', target_id, payload: {} });
      for (let count = 0; count < 28; count++) client.send({ type: 'candidate', target_id, payload: { count } });
    }
    client.send({ type: 'chat', text: 'hello' });
    await vi.advanceTimersByTimeAsync(300);
    expect(last().sent.filter(({ type }) => type === 'offer' || type === 'chat')).toHaveLength(16);
    expect(last().sent.length).toBeLessThan(150);

    await vi.advanceTimersByTimeAsync(10_000);
    for (const id of peers) {
      const sent = last().sent.filter(({ target_id }) => target_id === id).map(({ type, payload }) => (type === 'offer' ? type : (payload as { count: number }).count));
      expect(sent).toEqual(['offer', ...Array.from({ length: 28 }, (_, index) => index)]);
    }
    expect(last().mostInASecond()).toBeLessThanOrEqual(170);
  });

  it('drops nothing that was said while it was away, however much, and sends what was lost before it', async () => {
    await join();
    for (let count = 0; count < 150; count++) client.send({ type: 'chat', text: `lost ${String(count)}` });
    await vi.advanceTimersByTimeAsync(5_000);
    last().drop(1006);
    for (let count = 0; count < 700; count++) client.send({ type: 'chat', text: `new ${String(count)}` });
    await vi.advanceTimersByTimeAsync(600);
    await last().open();
    last().receive({ ...welcome, resumed: true, received: 0 });
    // Lost once more, in the midst of it.
    await vi.advanceTimersByTimeAsync(100);
    last().drop(1006);
    await vi.advanceTimersByTimeAsync(600);
    await last().open();
    last().receive({ ...welcome, resumed: true, received: 60 });
    await vi.advanceTimersByTimeAsync(20_000);
    const expected = [
      ...Array.from({ length: 90 }, (_, index) => `lost ${String(index + 60)}`),
      ...Array.from({ length: 700 }, (_, index) => `new ${String(index)}`),
    ];
    expect(last().sent.slice(1).map(({ text }) => text)).toEqual(expected);
    expect(last().mostInASecond()).toBeLessThanOrEqual(170);
  });

  it.each([true, false])('sends descriptions that waited only into the session that they were made in: %s', async (resumed) => {
    await join();
    last().drop(1006);
    client.send({ type: 'offer', target_id: 'p-grace', payload: {} });
    client.send({ type: 'candidate', target_id: 'p-grace', payload: {} });
    client.send({ type: 'answer', target_id: 'p-edsger', payload: {} });
    client.send({ type: 'chat', text: 'hello' });
    client.on('message', ({ type }) => {
      if (type === 'welcome') client.send({ type: 'offer', target_id: 'p-grace', payload: { anew: true } });
    });
    await vi.advanceTimersByTimeAsync(600);
    await last().open();
    last().receive({ ...welcome, resumed });
    const anew = { type: 'offer', payload: { anew: true } };
    expect(last().sent.slice(1)).toMatchObject(resumed
      ? [{ type: 'offer', payload: {} }, { type: 'answer' }, { type: 'chat' }, { type: 'candidate' }, anew]
      : [{ type: 'chat' }, anew]);
  });

  it('drops what is of no use late rather than keep lines waiting behind it', async () => {
    await join();
    for (let count = 0; count < 300; count++) client.send({ type: 'pointer', x: 0.5, y: 0.5 });
    client.send({ type: 'chat', text: 'hello' });
    await vi.advanceTimersByTimeAsync(100);
    expect(last().sent.at(-1)).toEqual({ type: 'chat', text: 'hello' });
    expect(last().mostInASecond()).toBeLessThanOrEqual(170);
  });

  it('asks for the history until it came, and again after the server missed something', async () => {
    const rejoin = async (answer: Partial<Welcome>): Promise<unknown> => {
      last().drop(1006);
      await vi.advanceTimersByTimeAsync(600);
      await last().open();
      last().receive({ ...welcome, resumed: true, ...answer });
      return last().sent[0];
    };
    await join();
    expect(await rejoin({})).toHaveProperty('lacks_history', true);
    last().receive({ type: 'chat_history', messages: [], next_before: 0 });
    expect(await rejoin({ complete: false })).not.toHaveProperty('lacks_history');
    expect(await rejoin({})).toHaveProperty('lacks_history', true);
  });

  it('counts anew when the server misses something', async () => {
    await join();
    last().receive({ type: 'offer', sender_id: 'p-grace', payload: {} });
    client.send({ type: 'chat', text: 'taken or not' });
    last().drop(1006);
    await vi.advanceTimersByTimeAsync(600);
    await last().open();
    last().receive({ ...welcome, resumed: true, received: 0, complete: false });
    expect(last().sent).toHaveLength(1);
    last().drop(1006);
    await vi.advanceTimersByTimeAsync(600);
    await last().open();
    expect(last().sent[0]).toMatchObject({ received: 0 });
  });

  it('gives up a connection that is suspected and stays silent, without waiting for its end', async () => {
    await join();
    const silent = last();
    silent.close = () => undefined;
    client.suspect();
    await vi.advanceTimersByTimeAsync(600);
    expect(client.state).toBe('joined');
    await vi.advanceTimersByTimeAsync(100);
    expect(sockets).toHaveLength(2);
    await last().open();
    expect(last().sent[0]).toMatchObject({ resume: 'c-1' });
  });

  it('keeps one that answers, and one that nobody suspects', async () => {
    await join();
    client.suspect();
    await vi.advanceTimersByTimeAsync(600);
    last().receive({ type: 'peer-away', id: 'p-grace' });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sockets).toHaveLength(1);
    expect(client.state).toBe('joined');
  });

  it('waits in the lobby as long as it takes', async () => {
    client.start();
    await last().open();
    last().receive({ type: 'knocking', room: { id: 'r', title: 'Weekly' } });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sockets).toHaveLength(1);
  });

  const inLobby = async (): Promise<void> => {
    client.start();
    await last().open();
    last().receive({ type: 'knocking', room: { id: 'r', title: 'Weekly' } });
  };

  it('renews its token in the lobby as well, and never before the join', async () => {
    client.start();
    client.send({ type: 'renew', token: 'early' });
    await last().open();
    last().receive({ type: 'knocking', room: { id: 'r', title: 'Weekly' } });
    client.send({ type: 'renew', token: 'second' });
    expect(last().sent.map(({ type, token }) => [type, token])).toEqual([['join', 'first'], ['renew', 'second']]);
  });

  it.each([['in the lobby', inLobby], ['alone in a room', join]])('asks on a network that is back whether the way is still open, %s', async (_where, begin) => {
    await begin();
    networkIsBack();
    await vi.advanceTimersByTimeAsync(0);
    expect(last().sent.at(-1)).toEqual({ type: 'renew', token: 'first' });
    last().receive({ type: 'renewed', expires_at: 1, ice_servers: [] });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);

    // A dead way never tells that it is closed.
    last().close = () => undefined;
    networkIsBack();
    await vi.advanceTimersByTimeAsync(2_900);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(sockets).toHaveLength(2);
    await last().open();
    expect(last().sent[0]).toMatchObject({ type: 'join' });
  });

  it('gives up a socket that brings no welcome', async () => {
    client.start();
    await last().open();
    await vi.advanceTimersByTimeAsync(16_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it('leaves for good', async () => {
    await join();
    const socket = last();
    client.leave();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(socket.sent.at(-1)).toEqual({ type: 'leave' });
    expect(sockets).toHaveLength(1);
    expect(ended).toEqual(['left']);
  });

  it('passes on no frame of a socket that was replaced', async () => {
    await join();
    const old = last();
    old.drop(1006);
    await vi.advanceTimersByTimeAsync(600);
    const seen: string[] = [];
    client.on('message', ({ type }) => seen.push(type));
    old.receive({ type: 'peer-away', id: 'p-grace' });
    expect(seen).toEqual([]);
  });
});

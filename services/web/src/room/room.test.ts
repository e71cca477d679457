import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ModelPeerConnection } from '../peer/modelPeerConnection.ts';
import type { RemoteTracks } from '../peer/tracks.ts';
import type { Participant, ServerMessage, Welcome } from '../signaling/messages.ts';
import { Room } from './room.ts';

const person = (id: string, change: Partial<Participant> = {}): Participant => ({
  id, name: id, role: 'participant', audio: true, video: true, screen: false, away: false, hand: 0, audio_locked: false, video_locked: false, ...change,
});

const welcome: Welcome = {
  type: 'welcome', id: 'p-ada', role: 'participant', name: 'Ada', room: { id: 'r', title: 'Weekly' }, participants: [person('p-grace')],
  policy: { max_peers: 8, ttl_minutes: 30, locked: false, lobby: false, wait_for_moderator: false, own_tracks: false, paused_at: 0, advice: null },
  deadline: 1, resume: 'c-1', resumed: false, received: 0, complete: true, ice_servers: [], recording: null, speaker: null, hand: 0,
  audio_locked: false, video_locked: false, server_time: 0,
};

/** The gateway's end of the connection. */
class FakeSocket {
  readyState = 1;
  readonly sent: unknown[] = [];
  onopen: () => void = () => undefined;
  onmessage: (event: { data: string }) => void = () => undefined;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  tell(message: ServerMessage): void {
    this.onmessage({ data: JSON.stringify(message) });
  }

  close(): void {
    this.readyState = 3;
  }
}

describe('a room', () => {
  let room: Room;
  let gateway: FakeSocket;

  beforeEach(() => {
    gateway = new FakeSocket();
    room = new Room({
      url: 'ws://here/api/v1/ws', trace: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }, roomId: 'r', token: () => Promise.resolve('t'),
      identity: {
        required: false,
        orders: { prove: vi.fn(), verify: vi.fn() },
        relay: () => ({ send: vi.fn(), receive: vi.fn(), forget: vi.fn(), confirm: () => Promise.resolve(true) }),
      },
      openSocket: () => gateway as unknown as WebSocket,
    });
    vi.stubGlobal('RTCPeerConnection', ModelPeerConnection);
    vi.stubGlobal('MediaStream', Object);
    vi.stubGlobal('navigator', { hardwareConcurrency: 8 });
    room.join();
  });

  afterEach(() => {
    room.leave();
    vi.unstubAllGlobals();
  });

  /** The tracks of Grace, with whom one is connected by now. */
  const connected = async (): Promise<RemoteTracks> => {
    const told = new Promise<RemoteTracks>((resolve) => room.on('tracks', ({ tracks }) => resolve(tracks)));
    ModelPeerConnection.last?.connect();
    return told;
  };
  const enabled = ({ audio, camera, screen, screenSound }: RemoteTracks): boolean[] => [audio, camera, screen, screenSound].map((track) => track.enabled);

  it('keeps whom a moderator has locked unheard and unseen as long as that holds', async () => {
    gateway.tell(welcome);
    const tracks = await connected();
    expect(enabled(tracks)).toEqual([true, true, true, true]);
    gateway.tell({ type: 'peer-updated', participant: person('p-grace', { audio_locked: true }) });
    expect(enabled(tracks)).toEqual([false, true, true, false]);
    gateway.tell({ type: 'peer-updated', participant: person('p-grace', { video_locked: true }) });
    expect(enabled(tracks)).toEqual([true, false, true, true]);
    gateway.tell({ type: 'peer-updated', participant: person('p-grace') });
    expect(enabled(tracks)).toEqual([true, true, true, true]);
  });

  it('does so from the first moment of a connection', async () => {
    gateway.tell({ ...welcome, participants: [person('p-grace', { audio_locked: true })] });
    expect(enabled(await connected())).toEqual([false, true, true, false]);
  });

  it('tells what the server says of oneself, and takes it for nobody else', () => {
    gateway.tell(welcome);
    const [self, others]: [number[], number[]] = [[], []];
    room.on('self', ({ hand }) => self.push(hand));
    room.on('participants', (all) => others.push(all.length));
    gateway.tell({ type: 'peer-updated', participant: person('p-ada', { hand: 7 }) });
    gateway.tell({ type: 'peer-updated', participant: person('p-grace', { hand: 8 }) });
    expect(self).toEqual([7]);
    expect(others).toEqual([1]);
  });
});

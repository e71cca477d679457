import { beforeEach, describe, expect, it, vi } from 'vitest';
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
    room.join();
    gateway.tell(welcome);
  });

  it('tells what the server says of oneself, and takes it for nobody else', () => {
    const [self, others]: [number[], number[]] = [[], []];
    room.on('self', ({ hand }) => self.push(hand));
    room.on('participants', (all) => others.push(all.length));
    gateway.tell({ type: 'peer-updated', participant: person('p-ada', { hand: 7 }) });
    gateway.tell({ type: 'peer-updated', participant: person('p-grace', { hand: 8 }) });
    expect(self).toEqual([7]);
    expect(others).toEqual([1]);
  });
});

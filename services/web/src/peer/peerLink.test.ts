import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Payload } from '../signaling/messages.ts';
import { ModelPeerConnection } from './modelPeerConnection.ts';
import { PeerLink } from './peerLink.ts';
import { noTracks } from './tracks.ts';

describe('a peer link', () => {
  let link: PeerLink;
  let offers: Payload[];

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal('RTCPeerConnection', ModelPeerConnection);
    vi.stubGlobal('MediaStream', Object);
    offers = [];
    link = new PeerLink({
      remoteId: 'p-grace', linkId: 'l-1', initiator: true, polite: true, iceServers: [], tracks: noTracks,
      send: (_type, payload) => offers.push(payload),
    });
    link.start();
    await vi.advanceTimersByTimeAsync(0);
  });

  afterEach(() => {
    link.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('sends its first offer once more when nobody answers, less and less often', async () => {
    expect(offers).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(11_900);
    expect(offers).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(offers).toHaveLength(2);
    expect(offers[1]).toEqual(offers[0]);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(offers.length).toBeLessThan(12);
  });

  it('does not when it was answered', async () => {
    link.receive('answer', { sdp: `grace1 to ${String(offers[0]?.['sdp'])}`, round: 1 });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(link.fresh).toBe(false);
    expect(offers).toHaveLength(1);
  });

  it('does not when it is over', async () => {
    link.close();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(offers).toHaveLength(1);
  });
});

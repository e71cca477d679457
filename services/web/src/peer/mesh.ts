import { TypedEvents } from '../typedEvents.ts';
import type { BandwidthAdvice, IceServer, Payload } from '../signaling/messages.ts';
import { PeerLink, type LocalTracks, type RemoteTracks } from './peerLink.ts';

export interface MeshEvents {
  tracks: { id: string; tracks: RemoteTracks };
  connected: { id: string; connected: boolean };
}

export type Relay = (type: 'offer' | 'answer' | 'candidate', targetId: string, payload: Payload) => void;

/** The peer connections of one participant: one for each other participant of the room. */
export class Mesh extends TypedEvents<MeshEvents> {
  readonly #links = new Map<string, PeerLink>();
  readonly #relay: Relay;
  #selfId = '';
  #iceServers: IceServer[] = [];
  #advice: BandwidthAdvice | null = null;
  #tracks: LocalTracks = { audio: null, camera: null, screen: null };

  constructor(relay: Relay) {
    super();
    this.#relay = relay;
  }

  get links(): PeerLink[] {
    return [...this.#links.values()];
  }

  configure(selfId: string, iceServers: IceServer[]): void {
    this.#selfId = selfId;
    this.#iceServers = iceServers;
    // Credentials of relays expire: a restart of ICE asks for relays anew.
    for (const link of this.links) link.useIceServers(iceServers);
  }

  has(id: string): boolean {
    return this.#links.has(id);
  }

  /** Offers to a participant who was here before us. */
  connect(id: string): void {
    this.#open(id, crypto.randomUUID(), true);
  }

  /** Forgets the connection to a participant who has left or come anew, and will offer. */
  disconnect(id: string): void {
    this.#links.get(id)?.close();
    if (this.#links.delete(id)) this.#share();
  }

  receive(type: 'offer' | 'answer' | 'candidate', senderId: string, payload: Payload): void {
    const linkId = typeof payload['link'] === 'string' ? payload['link'] : undefined;
    let link = this.#links.get(senderId);
    if (type === 'offer' && (link === undefined || (linkId !== undefined && linkId !== link.linkId))) {
      // Both opened at the same moment: the impolite peer's connection stays.
      if (link?.initiator === true && link.fresh && !this.#isPolite(senderId)) return;
      link = this.#open(senderId, linkId ?? crypto.randomUUID(), false);
    }
    if (link === undefined || (linkId !== undefined && linkId !== link.linkId)) return;
    link.receive(type, payload);
  }

  async publish(tracks: LocalTracks): Promise<void> {
    this.#tracks = tracks;
    await Promise.all(this.links.map((link) => link.publish(tracks)));
  }

  restartIce(id: string): void {
    this.#links.get(id)?.restartIce();
  }

  /** After a resume that may have lost descriptions or candidates. */
  restartAll(): void {
    for (const link of this.links) link.restartIce();
  }

  /** What the room asks of each sender; null lifts it. */
  advise(advice: BandwidthAdvice | null): void {
    this.#advice = advice;
    this.#share();
  }

  /** After an outage of our own: restarts what did not survive it. */
  restartBroken(): void {
    for (const link of this.links) if (link.connection.connectionState !== 'connected') link.restartIce();
  }

  close(): void {
    for (const link of this.links) link.close();
    this.#links.clear();
  }

  #open(id: string, linkId: string, initiator: boolean): PeerLink {
    this.#links.get(id)?.close();
    const link = new PeerLink({
      remoteId: id,
      linkId,
      initiator,
      polite: this.#isPolite(id),
      iceServers: this.#iceServers,
      tracks: this.#tracks,
      send: (type, payload) => this.#relay(type, id, payload),
    });
    this.#links.set(id, link);
    link.on('tracks', (tracks) => this.emit('tracks', { id, tracks }));
    link.on('connected', (connected) => this.emit('connected', { id, connected }));
    link.on('dead', (dead) => {
      if (this.#links.get(id) === dead) this.connect(id);
    });
    link.start();
    this.#share();
    return link;
  }

  #share(): void {
    for (const link of this.links) void link.shareAmong(this.#links.size, this.#advice);
  }

  #isPolite(id: string): boolean {
    return this.#selfId < id;
  }
}

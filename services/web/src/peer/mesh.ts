import { TypedEvents } from '../typedEvents.ts';
import type { BandwidthAdvice, IceServer, Payload } from '../signaling/messages.ts';
import { MeshMonitor, type MonitorEvents } from './meshMonitor.ts';
import { PeerLink } from './peerLink.ts';
import { noTracks, type LocalTracks, type RemoteTracks } from './tracks.ts';

export interface MeshEvents extends MonitorEvents {
  tracks: { id: string; tracks: RemoteTracks };
  connected: { id: string; connected: boolean };
}

export type Relay = (type: 'offer' | 'answer' | 'candidate', targetId: string, payload: Payload) => void;

/** The peer connections of one participant: one for each other participant of the room. Where there is no WebRTC, as in Node, it stays empty. */
export class Mesh extends TypedEvents<MeshEvents> {
  readonly #links = new Map<string, PeerLink>();
  readonly #relay: Relay;
  readonly #monitor = new MeshMonitor(() => this.links);
  /** How large each participant's camera is shown here. */
  readonly #shown = new Map<string, number>();
  #leastShown = 0;
  #selfId = '';
  #iceServers: IceServer[] = [];
  #tracks: LocalTracks = noTracks;

  constructor(relay: Relay) {
    super();
    this.#relay = relay;
    this.#monitor.on('quality', (quality) => this.emit('quality', quality));
    this.#monitor.on('budget', (budget) => this.emit('budget', budget));
    this.#monitor.on('cutOff', () => this.emit('cutOff', undefined));
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
    if (hasWebRtc()) this.#open(id, crypto.randomUUID(), true);
  }

  /** Forgets the connection to a participant who has left or come anew, and will offer. */
  disconnect(id: string): void {
    this.#links.get(id)?.close();
    if (!this.#links.delete(id)) return;
    this.#monitor.share();
    if (this.#links.size === 0) this.#monitor.stop();
  }

  receive(type: 'offer' | 'answer' | 'candidate', senderId: string, payload: Payload): void {
    if (!hasWebRtc()) return;
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
    this.#monitor.setSharing(tracks.screen !== null);
    await Promise.all(this.links.map((link) => link.publish(tracks)));
  }

  restartIce(id: string): void {
    this.#links.get(id)?.restartIce();
  }

  /** After a resume that may have lost descriptions or candidates. */
  restartAll(): void {
    for (const link of this.links) link.negotiateAgain();
  }

  /** What the room asks of each sender; null lifts it. */
  advise(advice: BandwidthAdvice | null): void {
    this.#monitor.advise(advice);
  }

  /** How many lines of a participant's camera are shown here, in device pixels; 0 when none: then it sends none. Undefined forgets it. */
  show(id: string, lines: number | undefined): void {
    if (lines === undefined) this.#shown.delete(id);
    else this.#shown.set(id, lines);
    this.#links.get(id)?.show(this.#linesOf(id));
  }

  /** For pictures that are used elsewhere than on the page. */
  showAtLeast(lines: number): void {
    this.#leastShown = lines;
    for (const link of this.links) link.show(this.#linesOf(link.remoteId));
  }

  /** After an outage of our own: restarts what did not survive it. */
  restartBroken(): void {
    for (const link of this.links) if (!link.works) link.restartIce();
  }

  close(): void {
    this.#monitor.stop();
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
    link.show(this.#linesOf(id));
    link.on('viewed', () => this.#monitor.share());
    link.start();
    this.#monitor.share();
    this.#monitor.start();
    return link;
  }

  #linesOf(id: string): number {
    return Math.max(this.#leastShown, this.#shown.get(id) ?? Infinity);
  }

  #isPolite(id: string): boolean {
    return this.#selfId < id;
  }
}

function hasWebRtc(): boolean {
  return 'RTCPeerConnection' in globalThis;
}

import { TypedEvents } from '../typedEvents.ts';
import type { BandwidthAdvice, IceServer, Payload } from '../signaling/messages.ts';
import { Negotiation } from './negotiation.ts';
import { audioBudget, cameraBudget, screenBudget, type SenderBudget } from './senderBudget.ts';

/** One peer connection carries these three, always, in this order: a track is known by its place, and toggling needs no negotiation. */
export const trackKinds = ['audio', 'camera', 'screen'] as const;
export type TrackKind = (typeof trackKinds)[number];
export type LocalTracks = Record<TrackKind, MediaStreamTrack | null>;
export type RemoteTracks = Record<TrackKind, MediaStreamTrack>;

export interface PeerLinkEvents {
  tracks: RemoteTracks;
  connected: boolean;
  /** No way to continue on this peer connection: the pair needs a new one. */
  dead: PeerLink;
}

export interface PeerLinkOptions {
  remoteId: string;
  /** Names this peer connection in both directions, so that frames of a predecessor are recognised. */
  linkId: string;
  initiator: boolean;
  polite: boolean;
  iceServers: IceServer[];
  tracks: LocalTracks;
  send: (type: 'offer' | 'answer' | 'candidate', payload: Payload) => void;
}

/** A short outage heals by itself; a longer one gets an ICE restart. */
const disconnectedGraceMs = 2_500;
/** An ICE restart that has brought nothing by then is followed by a new peer connection. */
const restartPatienceMs = 12_000;

/** The peer connection to one participant. */
export class PeerLink extends TypedEvents<PeerLinkEvents> {
  readonly connection: RTCPeerConnection;
  readonly remoteId: string;
  readonly linkId: string;
  readonly initiator: boolean;
  readonly #negotiation: Negotiation;
  /** Puts audio and camera into one stream, which makes the receiver keep lips and sound together. */
  readonly #together = new MediaStream();
  #transceivers: RTCRtpTransceiver[] = [];
  #tracks: LocalTracks;
  #peers = 1;
  #advice: BandwidthAdvice | null = null;
  #repair: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: PeerLinkOptions) {
    super();
    this.#tracks = options.tracks;
    this.remoteId = options.remoteId;
    this.linkId = options.linkId;
    this.initiator = options.initiator;
    this.connection = new RTCPeerConnection({ iceServers: options.iceServers, bundlePolicy: 'max-bundle' });
    this.#negotiation = new Negotiation({
      connection: this.connection,
      polite: options.polite,
      send: (type, payload) => options.send(type, this.#named(payload)),
      beforeAnswer: () => this.#adopt(),
      failed: () => this.#die(),
    });

    this.connection.onnegotiationneeded = () => void this.#negotiation.negotiate();
    this.connection.onicecandidate = ({ candidate }) => {
      if (candidate !== null) options.send('candidate', this.#named(candidate.toJSON() as Payload));
    };
    this.connection.onconnectionstatechange = () => this.#watch();
  }

  /** True until the other side has answered or offered once. */
  get fresh(): boolean {
    return this.connection.remoteDescription === null;
  }

  /** The initiator creates the three transceivers; the other side gets them from the offer, so that both count the same. */
  start(): void {
    if (!this.initiator) return;
    this.#transceivers = trackKinds.map((kind) => this.connection.addTransceiver(
      kind === 'audio' ? 'audio' : 'video', { direction: 'sendrecv', streams: kind === 'screen' ? [] : [this.#together] }));
    void this.#attach();
    this.#announce();
  }

  receive(type: 'offer' | 'answer' | 'candidate', payload: Payload): void {
    if (type === 'candidate') {
      void this.#negotiation.receiveCandidate(payload);
    } else if (typeof payload['sdp'] === 'string') {
      void this.#negotiation.receiveDescription(type, payload['sdp']);
    }
  }

  async publish(tracks: LocalTracks): Promise<void> {
    this.#tracks = tracks;
    await this.#attach();
  }

  /** Tells among how many peers the uplink is shared, and what the room asks of each sender. */
  async shareAmong(peers: number, advice: BandwidthAdvice | null): Promise<void> {
    this.#peers = peers;
    this.#advice = advice;
    await Promise.all([
      this.#limit('audio', audioBudget(advice)),
      this.#limit('camera', cameraBudget(peers, advice)),
      this.#limit('screen', screenBudget(peers, advice)),
    ]);
  }

  useIceServers(iceServers: IceServer[]): void {
    if (!this.#closed) this.connection.setConfiguration({ iceServers, bundlePolicy: 'max-bundle' });
  }

  restartIce(): void {
    if (this.#closed || this.fresh) return;
    this.connection.restartIce();
  }

  /** 0 to 1, of the sound that is being played just now. */
  audioLevel(): number {
    const receiver = this.#transceivers[0]?.receiver;
    return receiver?.getSynchronizationSources()[0]?.audioLevel ?? 0;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#repair);
    this.#negotiation.close();
    this.connection.onnegotiationneeded = null;
    this.connection.onicecandidate = null;
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  async #adopt(): Promise<void> {
    if (this.#transceivers.length > 0) return;
    const transceivers = this.connection.getTransceivers();
    if (transceivers.length < trackKinds.length) throw new Error('the offer lacks the three media sections');
    this.#transceivers = transceivers.slice(0, trackKinds.length);
    this.#transceivers.forEach((transceiver, index) => {
      transceiver.direction = 'sendrecv';
      if (trackKinds[index] !== 'screen') transceiver.sender.setStreams(this.#together);
    });
    await this.#attach();
    this.#announce();
  }

  async #attach(): Promise<void> {
    await Promise.all(this.#transceivers.map((transceiver, index) => {
      const track = this.#tracks[trackKinds[index] ?? 'audio'];
      return transceiver.sender.track === track ? Promise.resolve() : transceiver.sender.replaceTrack(track);
    })).catch((error: unknown) => {
      if (!this.#closed) throw error;
    });
  }

  #announce(): void {
    const [audio, camera, screen] = this.#transceivers.map((transceiver) => transceiver.receiver.track);
    if (audio !== undefined && camera !== undefined && screen !== undefined) this.emit('tracks', { audio, camera, screen });
  }

  async #limit(kind: TrackKind, budget: SenderBudget): Promise<void> {
    const sender = this.#transceivers[trackKinds.indexOf(kind)]?.sender;
    if (sender === undefined || this.#closed) return;
    const parameters = sender.getParameters();
    const encoding = parameters.encodings[0];
    if (encoding === undefined || (encoding.maxBitrate === budget.maxBitrate && encoding.active === budget.active)) return;
    Object.assign(encoding, budget);
    if (kind === 'screen') parameters.degradationPreference = 'maintain-resolution';
    // Refused while a negotiation is under way; the next change of the room's size sets it again.
    await sender.setParameters(parameters).catch(() => undefined);
  }

  #watch(): void {
    const state = this.connection.connectionState;
    clearTimeout(this.#repair);
    if (state === 'connected') {
      this.emit('connected', true);
      void this.shareAmong(this.#peers, this.#advice);
    } else if (state === 'disconnected') {
      this.emit('connected', false);
      this.#repair = setTimeout(() => this.#restartOrDie(), disconnectedGraceMs);
    } else if (state === 'failed') {
      this.emit('connected', false);
      this.#restartOrDie();
    }
  }

  #restartOrDie(): void {
    this.restartIce();
    this.#repair = setTimeout(() => {
      if (this.connection.connectionState !== 'connected') this.#die();
    }, restartPatienceMs);
  }

  #die(): void {
    if (!this.#closed) this.emit('dead', this);
  }

  #named(payload: Payload): Payload {
    return { ...payload, link: this.linkId };
  }
}

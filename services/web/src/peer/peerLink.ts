import { TypedEvents } from '../typedEvents.ts';
import type { IceServer, Payload } from '../signaling/messages.ts';
import { countersOf, loadBetween, qualityBetween, type LinkCounters, type LinkLoad, type LinkQuality } from './linkStats.ts';
import type { LinkBudget } from './mediaBudget.ts';
import { Negotiation } from './negotiation.ts';
import { limitSender, sendWholePicture } from './senderLimit.ts';
import { Silence } from './silence.ts';
import { isSound, trackKinds, type LocalTracks, type RemoteTracks, type TrackKind } from './tracks.ts';
import { ViewChannel } from './viewChannel.ts';

export interface PeerLinkEvents {
  tracks: RemoteTracks;
  connected: boolean;
  /** The peer shows our camera in another size. */
  viewed: number;
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

/** What one interval told of a link. */
export interface LinkReading {
  quality: LinkQuality;
  load: LinkLoad;
  ownLevel: number | null;
}

/** A short outage heals by itself; a longer one gets an ICE restart. */
const disconnectedGraceMs = 1_000;
/** An ICE restart that has brought nothing by then is followed by a new peer connection. */
const restartPatienceMs = 12_000;
/** A first offer without an answer is sent once more after this, and then after twice as long each time. */
const firstAnswerPatienceMs = 12_000;

/** The peer connection to one participant. */
export class PeerLink extends TypedEvents<PeerLinkEvents> {
  readonly connection: RTCPeerConnection;
  readonly remoteId: string;
  readonly linkId: string;
  readonly initiator: boolean;
  /** How many lines of our camera the peer shows, in device pixels; Infinity before it has told. */
  linesShownThere = Infinity;
  readonly #negotiation: Negotiation;
  readonly #silence = new Silence();
  /** Puts audio and camera into one stream, which makes the receiver keep lips and sound together. */
  readonly #together = new MediaStream();
  #transceivers: RTCRtpTransceiver[] = [];
  #view: ViewChannel | undefined;
  #viewLines = Infinity;
  #tracks: LocalTracks;
  #budget: LinkBudget | undefined;
  #counters: LinkCounters | undefined;
  /** Until it is known how it does. */
  #isStarting = true;
  #lastSound = 0;
  #repair: ReturnType<typeof setTimeout> | undefined;
  #isLost = false;
  /** Asked for, and no exchange has ended since. */
  #isRestarting = false;
  /** Pictures were lost on the way, and it is not known to be open yet. */
  #owesPicture = false;
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
    this.connection.onsignalingstatechange = () => {
      if (this.connection.signalingState !== 'stable') return;
      this.#isRestarting = false;
      this.#silence.excuse(performance.now());
      if (this.connection.connectionState !== 'new') this.#owesPicture = true;
      // Now senders have what is limited, and nothing has been sent over a new connection yet.
      void this.#limit();
    };
    this.connection.onconnectionstatechange = () => this.#watch();
  }

  /** True until the other side has answered or offered once. */
  get fresh(): boolean {
    return this.connection.remoteDescription === null;
  }

  /** Connected by what ICE knows, and not silent. */
  get works(): boolean {
    return this.connection.connectionState === 'connected' && !this.#isLost;
  }

  /** The initiator creates the transceivers; the other side gets them from the offer, so that both count the same. */
  start(): void {
    if (!this.initiator) return;
    this.#transceivers = trackKinds.map((kind) => this.connection.addTransceiver(
      isSound(kind) ? 'audio' : 'video', { direction: 'sendrecv', streams: isLipSynced(kind) ? [this.#together] : [] }));
    this.#openView();
    void this.#attach();
    // The browser would ask for it after everything else that a page has to do just now.
    void this.#negotiation.negotiate();
    this.#awaitAnswer(firstAnswerPatienceMs);
    this.#announce();
  }

  receive(type: 'offer' | 'answer' | 'candidate', payload: Payload): void {
    if (type === 'candidate') {
      void this.#negotiation.receiveCandidate(payload);
    } else if (typeof payload['sdp'] === 'string') {
      void this.#negotiation.receiveDescription(type, payload['sdp'], payload['round']);
    }
  }

  async publish(tracks: LocalTracks): Promise<void> {
    this.#tracks = tracks;
    await this.#attach();
    await this.#limit();
  }

  /** What may be sent from now on. */
  async keepTo(budget: LinkBudget): Promise<void> {
    this.#budget = budget;
    await this.#limit();
  }

  /** Tells the peer how large its camera is shown here. */
  show(lines: number): void {
    this.#viewLines = lines;
    this.#view?.tell(lines);
  }

  /** What has happened since the last reading; undefined for the first. */
  async read(): Promise<LinkReading | undefined> {
    if (this.#closed || this.connection.connectionState !== 'connected') return undefined;
    const before = this.#counters;
    const now = countersOf((await this.connection.getStats()).values());
    this.#counters = now;
    const quality = before === undefined ? undefined : qualityBetween(before, now);
    this.#isStarting &&= quality === undefined;
    return before === undefined || quality === undefined ? undefined : { quality, load: loadBetween(before, now), ownLevel: now.ownLevel };
  }

  /** To be called twice a second. Restarts ICE when nothing comes any more; true when that has just begun. */
  listen(now: number): boolean {
    const source = this.#transceivers[0]?.receiver.getSynchronizationSources()[0];
    if (source !== undefined && source.timestamp !== this.#lastSound) {
      this.#lastSound = source.timestamp;
      this.#heard(now);
    }
    if (this.#closed || !this.#silence.hasBegun(now)) return false;
    this.#lose();
    this.#restartOrDie();
    return true;
  }

  /** Says once more what the peer should know; it hears by this that the way is open. */
  signOfLife(): void {
    this.#view?.repeat();
  }

  useIceServers(iceServers: IceServer[]): void {
    if (!this.#closed) this.connection.setConfiguration({ iceServers, bundlePolicy: 'max-bundle' });
  }

  /** Once until the two have agreed: another one would throw away the checks of the first. */
  restartIce(): void {
    if (this.#closed || this.fresh || this.#isRestarting) return;
    this.#isRestarting = true;
    this.connection.restartIce();
  }

  /** After descriptions or candidates may have been lost on the way. */
  negotiateAgain(): void {
    if (this.#closed) return;
    void this.#negotiation.repeat();
    this.restartIce();
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
    this.#view?.close();
    this.connection.onnegotiationneeded = null;
    this.connection.onicecandidate = null;
    this.connection.onsignalingstatechange = null;
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  async #adopt(): Promise<void> {
    if (this.#transceivers.length > 0) return;
    const transceivers = this.connection.getTransceivers();
    if (transceivers.length < trackKinds.length) throw new Error('the offer lacks media sections');
    this.#transceivers = transceivers.slice(0, trackKinds.length);
    this.#transceivers.forEach((transceiver, index) => {
      transceiver.direction = 'sendrecv';
      if (isLipSynced(trackKinds[index])) transceiver.sender.setStreams(this.#together);
    });
    // To one who has not offered it, it would be another negotiation.
    if (this.connection.remoteDescription?.sdp.includes('\nm=application') === true) this.#openView();
    await this.#attach();
    this.#announce();
  }

  /**
   * The first offer or its answer may have been lost, or refused for what passes, and nobody else would ask again: ICE has not begun. Less and
   * less often, since a program without media never answers.
   */
  #awaitAnswer(patienceMs: number): void {
    this.#repair = setTimeout(() => {
      if (!this.fresh) return;
      void this.#negotiation.repeat();
      this.#awaitAnswer(patienceMs * 2);
    }, patienceMs);
  }

  #openView(): void {
    this.#view = new ViewChannel(this.connection, (lines) => {
      this.#heard(performance.now());
      if (this.linesShownThere === lines) return;
      this.linesShownThere = lines;
      this.emit('viewed', lines);
    });
    this.#view.tell(this.#viewLines);
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
    const [audio, camera, screen, screenSound] = this.#transceivers.map((transceiver) => transceiver.receiver.track);
    if (audio === undefined || camera === undefined || screen === undefined || screenSound === undefined) return;
    this.emit('tracks', { audio, camera, screen, screenSound });
  }

  async #limit(): Promise<void> {
    const budget = this.#budget;
    if (budget === undefined || this.#closed) return;
    // With many people the browser has to be free to make pictures smaller from the first one on.
    const isStarting = this.#isStarting && budget.step === 'high';
    await Promise.all(this.#transceivers.map(({ sender }, index) => {
      const kind = trackKinds[index] ?? 'audio';
      return limitSender(sender, kind, budget[kind], isStarting);
    }));
  }

  #watch(): void {
    const state = this.connection.connectionState;
    if (state === 'connected') {
      this.#isLost = false;
      clearTimeout(this.#repair);
      this.emit('connected', true);
    } else if (state === 'disconnected') {
      this.#lose();
      clearTimeout(this.#repair);
      this.#repair = setTimeout(() => this.#restartOrDie(), disconnectedGraceMs);
    } else if (state === 'failed') {
      this.#lose();
      this.#restartOrDie();
    }
  }

  #heard(now: number): void {
    this.#silence.heard(now);
    if (this.#owesPicture) this.#sendWholePictures();
    if (!this.#isLost || this.connection.connectionState !== 'connected') return;
    this.#isLost = false;
    clearTimeout(this.#repair);
    this.emit('connected', true);
  }

  #lose(): void {
    this.#isLost = true;
    this.emit('connected', false);
  }

  #sendWholePictures(): void {
    this.#owesPicture = false;
    for (const [index, { sender }] of this.#transceivers.entries()) {
      if (!isSound(trackKinds[index] ?? 'audio')) void sendWholePicture(sender);
    }
  }

  #restartOrDie(): void {
    this.restartIce();
    clearTimeout(this.#repair);
    this.#repair = setTimeout(() => {
      if (!this.works) this.#die();
    }, restartPatienceMs);
  }

  #die(): void {
    if (!this.#closed) this.emit('dead', this);
  }

  #named(payload: Payload): Payload {
    return { ...payload, link: this.linkId };
  }
}

function isLipSynced(kind: TrackKind | undefined): boolean {
  return kind === 'audio' || kind === 'camera';
}

import { TypedEvents } from '../typedEvents.ts';
import type { SessionIdentity } from '../identity/identity.ts';
import type { OrderRefusal } from '../identity/order.ts';
import type { Verdict } from '../identity/verifiedRelay.ts';
import type { LocalTracks, PeerLink, RemoteTracks } from '../peer/peerLink.ts';
import { Mesh } from '../peer/mesh.ts';
import { Orders, type OrderEffect } from './orders.ts';
import type {
  ChatMessage, ControlCommand, ErrorMessage, Knock, MutedMedia, Participant, Role, RoomPolicy, RunningRecording, ServerMessage, Welcome,
} from '../signaling/messages.ts';
import { isOrder } from '../signaling/messages.ts';
import { SignalingClient, type SignalingOptions, type SignalingState } from '../signaling/signalingClient.ts';

export interface RoomOptions extends SignalingOptions {
  /** What proves to the others who one is, and judges them. */
  identity: SessionIdentity;
}

export interface RoomEvents {
  state: SignalingState;
  welcome: Welcome;
  participants: Participant[];
  tracks: { id: string; tracks: RemoteTracks };
  connected: { id: string; connected: boolean };
  verdict: { id: string; verdict: Verdict };
  joined: Participant;
  left: Participant;
  chat: ChatMessage;
  history: ChatMessage[];
  recording: RunningRecording | null;
  /** Policy or deadline changed; `deadline` is in milliseconds of the server's clock. */
  policy: { policy: RoomPolicy; deadline: number };
  /** Before the welcome: what one waits for. */
  waiting: 'lobby' | 'moderator';
  /** Who waits in the lobby; told to organizers and moderators only. */
  knocking: Knock[];
  expiring: number;
  speaker: string | null;
  /** An order about one's own microphone or camera. */
  muted: { media: MutedMedia; locked: boolean };
  allowed: MutedMedia;
  /** Somebody was put out of the room. */
  kicked: Participant;
  /** An order in the name of this participant was not obeyed. */
  forged: { by: string; reason: OrderRefusal };
  chatChanged: ChatChange;
  pointer: { id: string; x: number; y: number };
  refused: ErrorMessage;
  /** The call is over; the value is a stable code, `left` when it was our own wish. */
  ended: string;
}

/** What happened to a message of the log. */
export type ChatChange = Extract<ServerMessage, { type: 'chat_edited' | 'chat_deleted' | 'reaction' }>;

/** A call: the session with the gateway, the participants it tells of, and the peer connections to them. */
export class Room extends TypedEvents<RoomEvents> {
  readonly #signaling: SignalingClient;
  readonly #mesh: Mesh;
  readonly #relay: ReturnType<SessionIdentity['relay']>;
  readonly #orders: Orders;
  /** As certified. */
  readonly #roles = new Map<string, Role>();
  /** Of peers whose certificate in use is not confirmed yet: nobody sees or hears them. */
  readonly #unconfirmed = new Map<string, RemoteTracks>();
  readonly #participants = new Map<string, Participant>();
  #welcome: Welcome | undefined;
  #recording: RunningRecording | null = null;
  #policy: RoomPolicy | undefined;
  #knocking: Knock[] = [];
  #speaker: string | null = null;
  #tracks: LocalTracks = { audio: null, camera: null, screen: null };

  constructor(options: RoomOptions) {
    super();
    this.#signaling = new SignalingClient(options);
    this.#relay = options.identity.relay({
      send: (type, target_id, payload) => this.#signaling.send({ type, target_id, payload }),
      deliver: (type, senderId, payload) => this.#mesh.receive(type, senderId, payload),
      judged: (id, verdict) => {
        if (verdict.state === 'verified') this.#roles.set(id, verdict.role);
        this.emit('verdict', { id, verdict });
      },
    });
    this.#orders = new Orders({
      required: options.identity.required,
      proofs: options.identity.orders,
      send: (frame) => this.#signaling.send(frame),
      self: () => this.#welcome,
      roleOf: (id) => this.#roleOf(id),
      obey: (effect) => this.#obey(effect),
      changed: () => this.#participantsChanged(),
      refused: (by, reason) => this.emit('forged', { by, reason }),
    });
    this.#mesh = new Mesh((type, targetId, payload) => this.#relay.send(type, targetId, payload));
    this.#mesh.on('tracks', ({ id, tracks }) => this.#unconfirmed.set(id, tracks));
    this.#mesh.on('connected', ({ id, connected }) => {
      if (connected) void this.#confirm(id);
      else this.emit('connected', { id, connected });
    });
    this.#signaling.on('state', (state) => this.emit('state', state));
    this.#signaling.on('message', (message) => this.#receive(message));
    this.#signaling.on('ended', (reason) => {
      this.#mesh.close();
      this.emit('ended', reason);
    });
  }

  get id(): string {
    return this.#welcome?.id ?? '';
  }

  get recording(): RunningRecording | null {
    return this.#recording;
  }

  get links(): PeerLink[] {
    return this.#mesh.links;
  }

  join(): void {
    this.#signaling.start();
  }

  leave(): void {
    this.#signaling.leave();
  }

  /** Sends these tracks from now on, and tells the others which of them there are. A track that is not enabled counts as muted. */
  async publish(tracks: LocalTracks): Promise<void> {
    this.#tracks = tracks;
    this.#tellMediaState();
    await this.#mesh.publish(tracks);
  }

  say(text: string, clientId: string): void {
    this.#signaling.send({ type: 'chat', text, client_id: clientId });
  }

  saySystem(systemData: string, security: string): void {
    this.#signaling.send({ type: 'chat', system_data: systemData, security });
  }

  edit(messageId: string, text: string): void {
    this.#signaling.send({ type: 'chat_edit', message_id: messageId, text });
  }

  delete(messageId: string): void {
    this.#signaling.send({ type: 'chat_delete', message_id: messageId });
  }

  react(messageId: string, emoji: string, on: boolean): void {
    this.#signaling.send({ type: 'reaction', message_id: messageId, emoji, on });
  }

  raiseHand(raised: boolean): void {
    this.#signaling.send({ type: 'raise_hand', raised });
  }

  /** Shows the others a spot of the shared screen; both numbers from 0 to 1. */
  point(x: number, y: number): void {
    this.#signaling.send({ type: 'pointer', x, y });
  }

  control(command: ControlCommand): void {
    if (isOrder(command)) this.#orders.give(command);
    else this.#signaling.send({ type: 'control_frame', ...command });
  }

  /** A fresh token for the running session, and with it fresh credentials for relays. */
  renew(token: string): void {
    this.#signaling.send({ type: 'renew', token });
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        return this.#welcomed(message);
      case 'peer-joined':
        if (this.#orders.hasKicked(message.participant.id)) return;
        // Whoever joins offers; what we had with a predecessor of the same id is over.
        this.#disconnect(message.participant.id);
        this.#participants.set(message.participant.id, message.participant);
        this.emit('joined', message.participant);
        return this.#participantsChanged();
      case 'peer-updated':
        if (!this.#participants.has(message.participant.id)) return;
        this.#participants.set(message.participant.id, message.participant);
        return this.#participantsChanged();
      case 'peer-left': {
        const participant = this.#participants.get(message.id);
        this.#participants.delete(message.id);
        this.#disconnect(message.id);
        if (participant !== undefined) this.emit('left', participant);
        if (this.#speaker === message.id) this.#setSpeaker(null);
        return this.#participantsChanged();
      }
      case 'peer-away':
        return this.#setAway(message.id, true);
      case 'peer-back':
        this.#setAway(message.id, false);
        return this.#mesh.restartIce(message.id);
      case 'offer':
      case 'answer':
      case 'candidate':
        if (!this.#orders.hasKicked(message.sender_id)) this.#relay.receive(message.type, message.sender_id, message.payload);
        return;
      case 'chat_broadcast':
        return this.emit('chat', message);
      case 'chat_history':
        return this.emit('history', message.messages);
      case 'record_started':
        return this.#setRecording(message);
      case 'record_stopped':
        return this.#setRecording(null);
      case 'chat_edited':
      case 'chat_deleted':
      case 'reaction':
        return this.emit('chatChanged', message);
      case 'pointer':
        return this.emit('pointer', message);
      case 'knocking':
        return this.emit('waiting', 'lobby');
      case 'waiting_for_moderator':
        return this.emit('waiting', 'moderator');
      case 'knock':
        return this.#setKnocking([...this.#knocking.filter(({ id }) => id !== message.id), { id: message.id, name: message.name }]);
      case 'knock_gone':
        return this.#setKnocking(this.#knocking.filter(({ id }) => id !== message.id));
      case 'room_policy':
        return this.#setPolicy(message.policy, message.deadline);
      case 'room_paused':
        return this.#setPausedAt(message.paused_at, message.deadline);
      case 'room_resumed':
        return this.#setPausedAt(0, message.deadline);
      case 'room_expiring':
        return this.emit('expiring', message.minutes_left);
      case 'order':
        return this.#orders.receive(message, this.#participants.get(message.target_id ?? ''));
      case 'focus_speaker':
      case 'reset_speaker':
      case 'force_mute':
      case 'allow_media':
        return this.#orders.receiveUnproven(message, undefined);
      case 'force_kick':
        return this.#orders.receiveUnproven(message, this.#participants.get(message.target_id));
      case 'renewed':
        return this.#mesh.configure(this.id, message.ice_servers);
      case 'error':
        return this.emit('refused', message);
      case 'room_closed':
        // The close frame that follows ends the session.
        return;
    }
  }

  #welcomed(welcome: Welcome): void {
    this.#welcome = welcome;
    this.#mesh.configure(welcome.id, welcome.ice_servers);

    const allowed = welcome.participants.filter(({ id }) => !this.#orders.hasKicked(id));
    const present = new Map(allowed.map((participant) => [participant.id, participant]));
    // In a new session the others have seen us leave and come: they have closed their ends, and wait for our offers.
    for (const id of this.#participants.keys()) if (!welcome.resumed || !present.has(id)) this.#disconnect(id);
    this.#participants.clear();
    for (const [id, participant] of present) this.#participants.set(id, participant);

    this.emit('welcome', welcome);
    this.#participantsChanged();
    this.#setPolicy(welcome.policy, welcome.deadline);
    this.#setKnocking(welcome.knocking ?? []);
    this.#setSpeaker(welcome.speaker);
    this.#setRecording(welcome.recording);
    if (welcome.complete) this.#mesh.restartBroken();
    else this.#mesh.restartAll();
    // After a resume also those who came meanwhile: their offer may be among what was missed, and may be lost with a node.
    for (const id of present.keys()) if (!this.#mesh.has(id)) this.#mesh.connect(id);
    this.#tellMediaState();
  }

  #disconnect(id: string): void {
    this.#relay.forget(id);
    this.#unconfirmed.delete(id);
    this.#mesh.disconnect(id);
  }

  async #confirm(id: string): Promise<void> {
    const link = this.links.find(({ remoteId }) => remoteId === id);
    if (link === undefined) return;
    const confirmed = await this.#relay.confirm(id, link.connection);
    if (!this.links.includes(link)) return;
    if (!confirmed) {
      this.#disconnect(id);
      return;
    }
    const tracks = this.#unconfirmed.get(id);
    this.#unconfirmed.delete(id);
    if (tracks !== undefined) this.emit('tracks', { id, tracks });
    this.emit('connected', { id, connected: true });
  }

  #setAway(id: string, away: boolean): void {
    const participant = this.#participants.get(id);
    if (participant === undefined) return;
    this.#participants.set(id, { ...participant, away });
    this.#participantsChanged();
  }

  #setRecording(recording: RunningRecording | null): void {
    if (this.#recording?.recording_id === recording?.recording_id) return;
    this.#recording = recording;
    this.emit('recording', recording);
  }

  #setPolicy(policy: RoomPolicy, deadline: number): void {
    this.#policy = policy;
    this.#mesh.advise(policy.advice);
    this.emit('policy', { policy, deadline });
  }

  #setPausedAt(pausedAt: number, deadline: number): void {
    if (this.#policy !== undefined) this.#setPolicy({ ...this.#policy, paused_at: pausedAt }, deadline);
  }

  #setKnocking(knocking: Knock[]): void {
    this.#knocking = knocking;
    this.emit('knocking', knocking);
  }

  #setSpeaker(id: string | null): void {
    if (this.#speaker === id) return;
    this.#speaker = id;
    this.emit('speaker', id);
  }

  #tellMediaState(): void {
    this.#signaling.send({
      type: 'media_state',
      audio: this.#tracks.audio?.enabled === true,
      video: this.#tracks.camera !== null,
      screen: this.#tracks.screen !== null,
    });
  }

  #obey(effect: OrderEffect): void {
    switch (effect.kind) {
      case 'speaker': return this.#setSpeaker(effect.id);
      case 'muted': return this.emit('muted', effect);
      case 'allowed': return this.emit('allowed', effect.media);
      case 'kicked':
        this.#participants.delete(effect.participant.id);
        this.#disconnect(effect.participant.id);
        this.emit('kicked', effect.participant);
        return this.#participantsChanged();
    }
  }

  #roleOf(id: string): Role | undefined {
    return id === this.id ? this.#welcome?.role : this.#roles.get(id) ?? this.#participants.get(id)?.role;
  }

  #participantsChanged(): void {
    this.emit('participants', [...this.#participants.values()].map((one) => this.#orders.withLocks(one)));
  }
}

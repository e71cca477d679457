import { TypedEvents } from '../typedEvents.ts';
import type { PeerLink } from '../peer/peerLink.ts';
import { noTracks, type LocalTracks } from '../peer/tracks.ts';
import type { ControlCommand, Knock, Participant, Role, RoomPolicy, RunningRecording, ServerMessage, Welcome } from '../signaling/messages.ts';
import { isOrder } from '../signaling/messages.ts';
import { SignalingClient } from '../signaling/signalingClient.ts';
import { Orders, type OrderEffect } from './orders.ts';
import { ProvenMesh } from './provenMesh.ts';
import { QualityReports } from './qualityReports.ts';
import type { RoomEvents, RoomOptions } from './roomEvents.ts';

/** A call: the session with the gateway, the participants it tells of, and the peer connections to them. */
export class Room extends TypedEvents<RoomEvents> {
  readonly #signaling: SignalingClient;
  readonly #peers: ProvenMesh;
  readonly #orders: Orders;
  /** As certified. */
  readonly #roles = new Map<string, Role>();
  readonly #participants = new Map<string, Participant>();
  #welcome: Welcome | undefined;
  #recording: RunningRecording | null = null;
  #policy: RoomPolicy | undefined;
  #knocking: Knock[] = [];
  #speaker: string | null = null;
  #tracks: LocalTracks = noTracks;

  constructor(options: RoomOptions) {
    super();
    this.#signaling = new SignalingClient(options);
    this.#peers = new ProvenMesh(options.identity, (type, target_id, payload) => this.#signaling.send({ type, target_id, payload }));
    for (const name of ['tracks', 'connected', 'budget'] as const) this.#peers.on(name, (value) => this.emit(name, value as never));
    this.#peers.on('verdict', ({ id, verdict }) => {
      if (verdict.state === 'verified') this.#roles.set(id, verdict.role);
      this.emit('verdict', { id, verdict });
    });
    const reports = new QualityReports((report) => this.#signaling.send(report));
    this.#peers.on('quality', (quality) => {
      reports.add(quality);
      this.emit('quality', quality);
    });
    // Peers and gateway are on the same way out: it need not take its own time to find out that its connection is dead.
    this.#peers.on('cutOff', () => this.#signaling.suspect());
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
    this.#signaling.on('state', (state) => this.emit('state', state));
    this.#signaling.on('message', (message) => this.#receive(message));
    this.#signaling.on('ended', (reason) => {
      this.#peers.mesh.close();
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
    return this.#peers.mesh.links;
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
    await this.#peers.mesh.publish(tracks);
  }

  /** How many lines of a participant's camera are shown here, in device pixels; 0 when none. */
  show(id: string, lines: number): void {
    if (this.#participants.has(id)) this.#peers.mesh.show(id, lines);
  }

  /** For pictures that are used elsewhere than on the page, of everybody. */
  showAtLeast(lines: number): void {
    this.#peers.mesh.showAtLeast(lines);
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

  /** Shows the others one emoji for a moment; at most five a second. */
  gesture(emoji: string): void {
    this.#signaling.send({ type: 'gesture', emoji });
  }

  control(command: ControlCommand): void {
    if (isOrder(command)) void this.#orders.give(command);
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
        return this.#joined(message.participant);
      case 'peer-updated':
        if (message.participant.id === this.id) return this.emit('self', message.participant);
        if (!this.#participants.has(message.participant.id)) return;
        this.#participants.set(message.participant.id, message.participant);
        return this.#participantsChanged();
      case 'peer-left': {
        const participant = this.#participants.get(message.id);
        this.#participants.delete(message.id);
        this.#forget(message.id);
        if (participant !== undefined) this.emit('left', participant);
        if (this.#speaker === message.id) this.#setSpeaker(null);
        return this.#participantsChanged();
      }
      case 'peer-away':
        return this.#setAway(message.id, true);
      case 'peer-back':
        this.#setAway(message.id, false);
        return this.#peers.mesh.restartIce(message.id);
      case 'offer':
      case 'answer':
      case 'candidate':
        if (!this.#orders.hasKicked(message.sender_id)) this.#peers.receive(message.type, message.sender_id, message.payload);
        return;
      case 'chat_broadcast':
        return this.emit('chat', message);
      case 'chat_history':
        return this.emit('history', message);
      case 'record_started':
        return this.#setRecording(message);
      case 'own_track_granted':
        return this.emit('ownTrackGranted', message.recording_id);
      case 'record_stopped':
        return this.#setRecording(null);
      case 'chat_edited':
      case 'chat_deleted':
      case 'reaction':
        return this.emit('chatChanged', message);
      case 'pointer':
        return this.emit('pointer', message);
      case 'gesture':
        return this.emit('gesture', message);
      case 'knocking':
      case 'waiting_for_moderator':
        return this.emit('waiting', message.type === 'knocking' ? 'lobby' : 'moderator');
      case 'knock':
        return this.#setKnocking([...this.#knocking.filter(({ id }) => id !== message.id), { id: message.id, name: message.name }]);
      case 'knock_gone':
        return this.#setKnocking(this.#knocking.filter(({ id }) => id !== message.id));
      case 'room_policy':
        return this.#setPolicy(message.policy, message.deadline);
      case 'room_paused':
      case 'room_resumed':
        return this.#setPausedAt(message.type === 'room_paused' ? message.paused_at : 0, message.deadline);
      case 'room_expiring':
        return this.emit('expiring', message.minutes_left);
      case 'order':
        return void this.#orders.receive(message, this.#participants.get(message.target_id ?? ''));
      case 'focus_speaker':
      case 'reset_speaker':
      case 'force_mute':
      case 'allow_media':
        return this.#orders.receiveUnproven(message, undefined);
      case 'force_kick':
        return this.#orders.receiveUnproven(message, this.#participants.get(message.target_id));
      case 'renewed':
        return this.#peers.mesh.configure(this.id, message.ice_servers);
      case 'error':
        return this.emit('refused', message);
      case 'room_closed':
        // The close frame that follows ends the session.
        return;
    }
  }

  #welcomed(welcome: Welcome): void {
    this.#welcome = welcome;
    this.#peers.mesh.configure(welcome.id, welcome.ice_servers);

    const allowed = welcome.participants.filter(({ id }) => !this.#orders.hasKicked(id));
    const present = new Map(allowed.map((participant) => [participant.id, participant]));
    // In a new session the others have seen us leave and come: they have closed their ends, and wait for our offers.
    for (const id of this.#participants.keys()) if (!welcome.resumed || !present.has(id)) this.#peers.disconnect(id);
    this.#participants.clear();
    for (const [id, participant] of present) this.#participants.set(id, participant);

    this.emit('welcome', welcome);
    this.#participantsChanged();
    this.#setPolicy(welcome.policy, welcome.deadline);
    this.#setKnocking(welcome.knocking ?? []);
    this.#setSpeaker(welcome.speaker);
    this.#setRecording(welcome.recording);
    if (welcome.complete) this.#peers.mesh.restartBroken();
    else this.#peers.mesh.restartAll();
    // After a resume also those who came meanwhile: their offer may be among what was missed, and may be lost with a node.
    for (const id of present.keys()) if (!this.#peers.mesh.has(id)) this.#peers.mesh.connect(id);
    this.#tellMediaState();
  }

  /** Joins that cross on their way are told twice, by the welcome and after it: then we offer, and what was begun goes on. */
  #joined(participant: Participant): void {
    const isKnown = this.#participants.has(participant.id);
    this.#participants.set(participant.id, participant);
    if (!isKnown) {
      // Whoever joins offers; what we had with a predecessor of the same id is over.
      this.#peers.disconnect(participant.id);
      this.emit('joined', participant);
    }
    this.#participantsChanged();
  }

  #forget(id: string): void {
    this.#peers.disconnect(id);
    this.#peers.mesh.show(id, undefined);
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
    this.#peers.mesh.advise(policy.advice);
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
        this.#forget(effect.participant.id);
        this.emit('kicked', effect.participant);
        return this.#participantsChanged();
    }
  }

  #roleOf(id: string): Role | undefined {
    return id === this.id ? this.#welcome?.role : this.#roles.get(id) ?? this.#participants.get(id)?.role;
  }

  #participantsChanged(): void {
    const participants = [...this.#participants.values()].map((one) => this.#orders.withLocks(one));
    this.#peers.obeyLocks(participants);
    this.emit('participants', participants);
  }
}

import { batch, signal } from '@preact/signals';
import { rest, type Admission } from '../../api/rest.ts';
import type { Identity } from '../../identity/identity.ts';
import { RefusalReports } from '../../identity/refusalReports.ts';
import type { Verdict } from '../../identity/verifiedRelay.ts';
import type { DeviceKind, LocalMedia } from '../../media/localMedia.ts';
import type { MediaRefusal } from '../../media/mediaError.ts';
import { PushToTalk } from '../../media/pushToTalk.ts';
import type { LinkQuality } from '../../peer/linkStats.ts';
import type { BudgetReason, QualityStep } from '../../peer/mediaBudget.ts';
import { noTracks, type LocalTracks, type RemoteTracks } from '../../peer/tracks.ts';
import { JoinTelemetry } from '../../room/joinTelemetry.ts';
import { openAdmittedRoom } from '../../room/admittedRoom.ts';
import type { Room } from '../../room/room.ts';
import type { Participant, Role } from '../../signaling/messages.ts';
import type { SignalingState } from '../../signaling/signalingClient.ts';
import type { RoomToken } from '../../signaling/roomToken.ts';
import { t } from '../i18n/language.ts';
import { announce, toast } from '../toasts.ts';
import { ChatState } from './chatState.ts';
import { CallRecording } from './callRecording.ts';
import { RoomState } from './roomState.ts';
import { exposeToConsole } from './console.ts';
import { Gestures } from './gestures.ts';
import { OwnTrack } from './ownTrack.ts';
import { Reachability } from './reachability.ts';
import { StageView } from './stageView.ts';
import { Voices } from './voices.ts';

/** What lies over the call. */
export type CallDialog = 'settings' | 'invite' | 'shortcuts' | 'record' | 'track' | 'check' | 'end';
/** What lies beside the stage. */
export type CallPanel = 'chat' | 'people' | 'stats';

/** Who comes into which call, and with what. */
export interface CallOptions {
  admission: Admission;
  media: LocalMedia;
  name: string;
  invitation: string;
  invitationLink: string | undefined;
  identity: Identity;
}

/** What the call's view shows, as signals, and what its buttons do. */
export class CallModel {
  readonly role: Role;
  readonly name: string;
  readonly title: string;
  readonly roomId: string;
  readonly media: LocalMedia;
  readonly room: Room;
  readonly recording: CallRecording;
  readonly rules: RoomState;
  /** Full link for guests; undefined when only the organizer's own invitation is known. */
  readonly invitationLink: string | undefined;
  /** Which one came by; it gives the servers for a check of the connection. */
  readonly invitation: string;
  readonly telemetry: JoinTelemetry;
  readonly #token: RoomToken;

  readonly id = signal('');
  readonly state = signal<SignalingState>('connecting');
  readonly ended = signal<string | null>(null);
  readonly participants = signal<Participant[]>([]);
  readonly remote = signal<ReadonlyMap<string, RemoteTracks>>(new Map());
  readonly reach = new Reachability();
  readonly verdicts = signal<ReadonlyMap<string, Verdict>>(new Map());
  readonly local = signal<LocalTracks>(noTracks);
  readonly microphoneOn = signal(false);
  readonly gestures = new Gestures(this);
  readonly voices = new Voices(this);
  /** Held with the space bar. */
  readonly talk: PushToTalk;
  readonly ownTrack: OwnTrack;
  readonly view = new StageView(this);

  /** The panel beside the stage. */
  readonly panel = signal<CallPanel | null>(null);
  readonly dialog = signal<CallDialog | null>(null);
  readonly chat = new ChatState(this);
  /** How each connection did lately. */
  readonly quality = signal<ReadonlyMap<string, LinkQuality>>(new Map());

  #leaving = false;
  #isLimited = false;
  readonly #refusals = new RefusalReports(async (peerId, reason) => rest.refusedProof(peerId, reason, await this.token()));
  #unsubscribe: (() => void)[] = [];

  constructor({ admission, media, name, invitation, invitationLink, identity }: CallOptions) {
    this.role = admission.role;
    this.title = admission.room_title;
    this.roomId = admission.room_id;
    this.name = name;
    this.media = media;
    this.invitation = invitation;
    this.invitationLink = invitationLink;
    this.telemetry = new JoinTelemetry(this.token);
    const { room, token } = openAdmittedRoom({ server: location.origin, admission, identity, api: rest, trace: this.telemetry.trace });
    this.room = room;
    this.#token = token;
    this.recording = new CallRecording(this);
    this.rules = new RoomState(this);
    this.talk = new PushToTalk(media, () => !this.rules.locked.value.audio && this.recording.consent.value !== 'refused', (why) => complainOf('microphone', why));
    this.ownTrack = new OwnTrack(this);
  }

  readonly token = (): Promise<string> => this.#token.fresh();

  get canModerate(): boolean {
    return this.role === 'organizer' || this.role === 'moderator';
  }

  join(): void {
    this.#listen();
    this.#publish(this.media.tracks);
    this.voices.start();
    this.room.join();
    exposeToConsole(this);
  }

  /**
   * Leaves: from now on one is neither heard nor seen. What is recorded here is saved, and announced, before the session ends, unless one does
   * not want to wait and asks again.
   */
  async leave(): Promise<void> {
    if (!this.#leaving) {
      this.#leaving = true;
      if (this.recording.isOwn.value) this.room.control({ command: 'STOP_RECORD' });
      // The recorders keep the own tracks to their end.
      const saved = Promise.all([this.recording.finish(), this.ownTrack.finish()]);
      if (this.recording.saving.value || this.ownTrack.saving.value) {
        this.#publish(noTracks);
        toast(t('call.leaving'));
      }
      await saved;
    }
    this.room.leave();
  }

  async toggleMicrophone(): Promise<void> {
    if (!this.microphoneOn.value && this.recording.asksFirst()) return;
    const refused = await this.media.setMicrophone(!this.media.microphoneOn);
    if (refused !== null) complainOf('microphone', refused);
  }

  async toggleCamera(): Promise<void> {
    if (this.local.value.camera === null && this.recording.asksFirst()) return;
    const refused = await this.media.setCamera(this.local.value.camera === null);
    if (refused !== null) complainOf('camera', refused);
  }

  async toggleShare(): Promise<void> {
    if (this.local.value.screen !== null) {
      this.media.stopSharing();
      return;
    }
    if (this.recording.asksFirst()) return;
    const refused = await this.media.shareScreen();
    if (refused !== null) complainOfScreen(refused);
  }

  togglePanel(panel: CallPanel): void {
    batch(() => {
      this.panel.value = this.panel.value === panel ? null : panel;
      if (this.chat.isOpen.value) this.chat.markSeen();
    });
  }

  #listen(): void {
    const { room, media } = this;
    this.#unsubscribe = [
      room.on('state', (state) => this.#stateChanged(state)),
      room.on('welcome', (welcome) => batch(() => {
        this.telemetry.joined();
        this.id.value = welcome.id;
      })),
      room.on('participants', (participants) => this.#participantsChanged(participants)),
      room.on('joined', ({ name }) => toast(t('call.joined', { name }))),
      room.on('left', ({ name }) => toast(t('call.gone', { name }))),
      room.on('tracks', ({ id, tracks }) => (this.remote.value = new Map(this.remote.value).set(id, tracks))),
      room.on('connected', ({ id, connected }) => this.reach.changed(id, connected)),
      room.on('verdict', ({ id, verdict }) => this.#judged(id, verdict)),
      room.on('ended', (reason) => this.#end(reason)),
      media.on('changed', (tracks) => this.#publish(this.#leaving ? noTracks : tracks)),
      media.on('lost', (kind) => toast(t(`media.lost.${kind}`), 'error')),
      media.on('replaced', ({ kind, label }) => toast(t(`media.replaced.${kind}`, { label }))),
      room.on('budget', ({ step, reason }) => this.#tellBudget(step, reason)),
      room.on('quality', (quality) => (this.quality.value = quality)),
      this.chat.listen(),
      this.recording.listen(),
      this.ownTrack.listen(),
      this.rules.listen(),
      this.gestures.listen(),
    ];
  }

  #stateChanged(state: SignalingState): void {
    if (state === 'reconnecting') announce(t('call.reconnecting'));
    else if (state === 'joined' && this.state.value === 'reconnecting') announce(t('call.reconnected'));
    this.state.value = state;
  }

  #participantsChanged(participants: Participant[]): void {
    const present = new Set(participants.map(({ id }) => id));
    batch(() => {
      this.participants.value = participants;
      this.remote.value = new Map([...this.remote.value].filter(([id]) => present.has(id)));
      this.reach.present(participants);
      this.verdicts.value = new Map([...this.verdicts.value].filter(([id]) => present.has(id)));
    });
  }

  #judged(id: string, verdict: Verdict): void {
    void this.#refusals.judged(id, verdict);
    const known = this.verdicts.value.get(id)?.state;
    this.verdicts.value = new Map(this.verdicts.value).set(id, verdict);
    const name = this.participants.value.find((one) => one.id === id)?.name;
    if (verdict.state === 'refused' && known !== 'refused' && name !== undefined) toast(t('identity.warning', { name }), 'error');
  }

  #publish(tracks: LocalTracks): void {
    batch(() => {
      this.local.value = { ...tracks };
      this.microphoneOn.value = tracks.audio?.enabled === true;
    });
    void this.room.publish(tracks);
    this.voices.watch(tracks.audio);
  }

  /** Only what people would wonder about: that many share, or that a tile is small, they see. */
  #tellBudget(step: QualityStep, reason: BudgetReason): void {
    const wasLimited = this.#isLimited;
    this.#isLimited = reason === 'uplink' || reason === 'cpu';
    if (reason === 'uplink' || reason === 'cpu') toast(t(`quality.${reason}.${step === 'audio_only' ? 'sound' : 'picture'}`));
    else if (wasLimited) toast(t('quality.better'));
  }

  #end(reason: string): void {
    this.voices.stop();
    this.reach.close();
    this.talk.close();
    this.dialog.value = null;
    void Promise.all([this.recording.finish(), this.ownTrack.finish()]).finally(() => this.#token.stop());
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.media.close();
    this.ended.value = reason;
  }
}

function complainOf(kind: DeviceKind, refused: MediaRefusal): void {
  toast(t(`media.${kind}.${refused === 'cancelled' ? 'blocked' : refused}`), 'error');
}

/** Whoever closes the picker knows that nothing is shared. */
function complainOfScreen(refused: MediaRefusal): void {
  if (refused === 'cancelled') return;
  toast(t(`media.screen.${refused === 'system' || refused === 'unavailable' || refused === 'insecure' ? refused : 'failed'}`), 'error');
}

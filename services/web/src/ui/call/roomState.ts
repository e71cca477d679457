import { batch, computed, signal } from '@preact/signals';
import type { Knock, MutedMedia, Participant, RoomPolicy } from '../../signaling/messages.ts';
import { language, t } from '../i18n/language.ts';
import { announce, toast } from '../toasts.ts';
import type { CallModel } from './callModel.ts';

/** Where somebody points on the shared screen, from 0 to 1. */
export interface Pointer {
  id: string;
  x: number;
  y: number;
}

/** A pointer that does not move any more fades after this long. */
const pointerMs = 1_000;
/** 30 a second are allowed; a little fewer leaves room for clocks that differ. */
const pointerIntervalMs = 40;

/** Clocks that differ, and a welcome after a reconnection, move the end by less. */
const leastExtensionMs = 30_000;

/** What the room allows and who rules it: policy, lobby, hands, mutes, the speaker everybody looks at. */
export class RoomState {
  readonly policy = signal<RoomPolicy | null>(null);
  /** When the room ends, in milliseconds of this browser's clock; 0 before the welcome. */
  readonly deadline = signal(0);
  readonly waiting = signal<'lobby' | 'moderator' | null>(null);
  readonly knocking = signal<Knock[]>([]);
  readonly speaker = signal<string | null>(null);
  readonly handRaised = signal(false);
  readonly locked = signal<Record<MutedMedia, boolean>>({ audio: false, video: false });
  readonly pointers = signal<ReadonlyMap<string, Pointer>>(new Map());
  readonly isPaused = computed(() => (this.policy.value?.paused_at ?? 0) > 0);
  readonly #call: CallModel;
  readonly #pointerTimers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Who is here, and whether their hand is up. */
  #hands: ReadonlyMap<string, boolean> = new Map();
  #clockOffset = 0;
  #pointedAt = 0;

  constructor(call: CallModel) {
    this.#call = call;
  }

  listen(): () => void {
    const { room } = this.#call;
    const unsubscribe = [
      room.on('welcome', (welcome) => batch(() => {
        this.#clockOffset = Date.now() - welcome.server_time;
        this.waiting.value = null;
        this.handRaised.value = welcome.hand > 0;
        this.locked.value = { audio: welcome.audio_locked, video: welcome.video_locked };
        if (welcome.audio_locked) void this.#call.media.setMicrophone(false);
        if (welcome.video_locked) void this.#call.media.setCamera(false);
      })),
      room.on('self', ({ hand }) => (this.handRaised.value = hand > 0)),
      room.on('policy', ({ policy, deadline }) => this.#policyChanged(policy, deadline + this.#clockOffset)),
      room.on('waiting', (what) => (this.waiting.value = what)),
      room.on('participants', (participants) => this.#tellHands(participants)),
      room.on('knocking', (knocking) => this.#knockingChanged(knocking)),
      room.on('speaker', (id) => (this.speaker.value = id)),
      room.on('expiring', (minutes) => toast(t('call.expiring', { count: minutes }), 'error')),
      room.on('muted', ({ media, locked }) => void this.#obeyMute(media, locked)),
      room.on('allowed', (media) => {
        if (!this.locked.value[media]) return;
        this.locked.value = { ...this.locked.value, [media]: false };
        toast(t(`call.allowed.${media}`));
      }),
      room.on('kicked', ({ name }) => toast(t('call.kicked', { name }))),
      room.on('forged', ({ by }) => toast(t('identity.forged', { name: this.#call.participants.value.find(({ id }) => id === by)?.name ?? by }), 'error')),
      room.on('pointer', (pointer) => this.#show(pointer)),
    ];
    return () => {
      for (const end of unsubscribe) end();
      for (const timer of this.#pointerTimers.values()) clearTimeout(timer);
    };
  }

  toggleHand(): void {
    this.handRaised.value = !this.handRaised.value;
    this.#call.room.raiseHand(this.handRaised.value);
  }

  togglePause(): void {
    this.#call.room.control({ command: this.isPaused.value ? 'RESUME_CONFERENCE' : 'SET_PAUSE' });
  }

  toggleLock(): void {
    this.#call.room.control({ command: 'LOCK_ROOM', locked: this.policy.value?.locked !== true });
  }

  toggleSpeaker(id: string): void {
    this.#call.room.control(this.speaker.value === id ? { command: 'RESET_SPEAKER' } : { command: 'SET_SPEAKER', target_id: id });
  }

  point(x: number, y: number): void {
    const now = performance.now();
    if (now - this.#pointedAt < pointerIntervalMs) return;
    this.#pointedAt = now;
    this.#call.room.point(Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y)));
  }

  #policyChanged(policy: RoomPolicy, deadline: number): void {
    const before = this.policy.value;
    const endedAt = this.deadline.value;
    batch(() => {
      this.policy.value = policy;
      this.deadline.value = deadline;
    });
    if (policy.paused_at > 0 && (before?.paused_at ?? 0) === 0) announce(t('call.pausedTitle'));
    if (before === null) return;
    if (before.locked !== policy.locked) toast(t(policy.locked ? 'call.locked' : 'call.unlocked'));
    if (before.paused_at > 0 && policy.paused_at === 0) toast(t('call.resumedNow'));
    else if (policy.paused_at === before.paused_at && deadline - endedAt > leastExtensionMs) toast(t('call.extended', { time: timeOf(deadline) }));
    if (before.advice?.reason !== 'participants' && policy.advice?.reason === 'participants') toast(t('call.adviceMany'));
  }

  #knockingChanged(knocking: Knock[]): void {
    const known = new Set(this.knocking.value.map(({ id }) => id));
    this.knocking.value = knocking;
    // Whoever looks at the list sees it there.
    if (this.#call.panel.value === 'people') return;
    for (const { id, name } of knocking) if (!known.has(id)) toast(t('call.knocks', { name }));
  }

  #tellHands(participants: readonly Participant[]): void {
    const before = this.#hands;
    this.#hands = new Map(participants.map(({ id, hand }) => [id, hand > 0]));
    // Those that were up when one came are seen; what has just happened is also said.
    for (const { id, name, hand } of participants) if (hand > 0 && before.get(id) === false) toast(t('call.raised', { name }));
  }

  async #obeyMute(media: MutedMedia, locked: boolean): Promise<void> {
    this.locked.value = { ...this.locked.value, [media]: this.locked.value[media] || locked };
    await (media === 'audio' ? this.#call.media.setMicrophone(false) : this.#call.media.setCamera(false));
    toast(t(`call.${locked ? 'mutedLocked' : 'mutedOnce'}.${media}`));
  }

  #show(pointer: Pointer): void {
    clearTimeout(this.#pointerTimers.get(pointer.id));
    this.pointers.value = new Map(this.pointers.value).set(pointer.id, pointer);
    this.#pointerTimers.set(pointer.id, setTimeout(() => {
      this.pointers.value = new Map([...this.pointers.value].filter(([id]) => id !== pointer.id));
    }, pointerMs));
  }
}

function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString(language.value, { hour: 'numeric', minute: '2-digit' });
}

import type { SessionIdentity } from '../identity/identity.ts';
import type { OrderRefusal } from '../identity/order.ts';
import type { Verdict } from '../identity/verifiedRelay.ts';
import type { LinkQuality } from '../peer/linkStats.ts';
import type { BudgetReason, QualityStep } from '../peer/mediaBudget.ts';
import type { RemoteTracks } from '../peer/tracks.ts';
import type {
  ChatMessage, ErrorMessage, Knock, MutedMedia, Participant, RoomPolicy, RunningRecording, ServerMessage, Welcome,
} from '../signaling/messages.ts';
import type { SignalingOptions, SignalingState } from '../signaling/signalingClient.ts';

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
  /** How each connection did in the last two seconds, by participant. */
  quality: ReadonlyMap<string, LinkQuality>;
  /** How good a picture one sends at best, and why it is not better. */
  budget: { step: QualityStep; reason: BudgetReason };
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
  /** Minutes left. */
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

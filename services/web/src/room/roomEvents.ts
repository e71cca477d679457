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

/** What a call needs: a session, and proofs. */
export interface RoomOptions extends SignalingOptions {
  /** What proves to the others who one is, and judges them. */
  identity: SessionIdentity;
}

/** What a call tells of, by event. Times are milliseconds since 1970 by the server's clock. */
export interface RoomEvents {
  /** Whenever it changes; the first one is `joined`, or `ended`. */
  state: SignalingState;
  /** One is in: the room as it is. Again after each reconnection. */
  welcome: Welcome;
  /** All others, whenever one comes, goes, or anything about one of them changes. */
  participants: Participant[];
  /** What the room shows of oneself: whenever that changes after the welcome, which has it as well. */
  self: Participant;
  /**
   * Once for each participant who is connected and proven to be who the server says, and again after each new connection to them. Those
   * that a moderator has locked are not enabled as long as they are: that is the room's to change.
   */
  tracks: { id: string; tracks: RemoteTracks };
  /** Media of this participant flows from now on, or does not just now. */
  connected: { id: string; connected: boolean };
  /** Every two seconds: how each connection did in these, by participant. */
  quality: ReadonlyMap<string, LinkQuality>;
  /** How good a picture one sends at best, and why it is not better; whenever that changes. */
  budget: { step: QualityStep; reason: BudgetReason };
  /** What the certificate of this participant says, before there is any media of them; again with each new connection. */
  verdict: { id: string; verdict: Verdict };
  /** Somebody came who was not there at the welcome. */
  joined: Participant;
  /** Somebody is gone for good; whoever only lost the connection is `away` in `participants`. */
  left: Participant;
  /** A line, file or recording that is new, one's own included. */
  chat: ChatMessage;
  /**
   * The newest messages from before one came, oldest first, and where those before them end (0: there are none); after the welcome, and
   * again when frames were lost with a connection.
   */
  history: { messages: ChatMessage[]; next_before: number };
  /** A recording has begun, or (null) ended. */
  recording: RunningRecording | null;
  /** One may record oneself now, as the recording of this id. */
  ownTrackGranted: string;
  /** Policy or deadline changed, and with each welcome. */
  policy: { policy: RoomPolicy; deadline: number };
  /** Before the welcome: what one waits for. */
  waiting: 'lobby' | 'moderator';
  /** Who waits in the lobby, whenever that changes; told to organizers and moderators only. */
  knocking: Knock[];
  /** Minutes left; told when few are. */
  expiring: number;
  /** Whom a moderator shows to everybody; null: nobody any more. */
  speaker: string | null;
  /** An order about one's own microphone or camera: to be obeyed; `locked` until it is allowed again. */
  muted: { media: MutedMedia; locked: boolean };
  /** The lock on one's own microphone or camera is off; it stays muted until one opens it. */
  allowed: MutedMedia;
  /** Somebody was put out of the room. */
  kicked: Participant;
  /** An order in the name of this participant was not obeyed. */
  forged: { by: string; reason: OrderRefusal };
  /** A message was edited, deleted, or reacted to. */
  chatChanged: ChatChange;
  /** Where this participant points on the shared screen: parts of its width and height, 0 to 1. */
  pointer: { id: string; x: number; y: number };
  /** This participant shows an emoji, for a moment. */
  gesture: { id: string; emoji: string };
  /** The server did not do what was asked; `ref` is the type of the frame. */
  refused: ErrorMessage;
  /** The call is over; the value is a stable code, `left` when it was one's own wish. The last event of all. */
  ended: string;
}

/** What happened to a message of the log. */
export type ChatChange = Extract<ServerMessage, { type: 'chat_edited' | 'chat_deleted' | 'reaction' }>;

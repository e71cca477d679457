/** The frames of docs/signaling-protocol.md; their golden forms are in tests/wire. */

export type Role = 'organizer' | 'moderator' | 'participant' | 'observer';

export interface Participant {
  id: string;
  name: string;
  role: Role;
  audio: boolean;
  video: boolean;
  screen: boolean;
  away: boolean;
  /** When the hand went up, in milliseconds since 1970; 0 while it is down. */
  hand: number;
  /** Muted by a moderator until that is lifted: what comes over the medium is neither played nor shown. */
  audio_locked: boolean;
  video_locked: boolean;
}

export type MutedMedia = 'audio' | 'video';

/** How much each sender may use, where the room is large or paused; the server does not rewrite descriptions. */
export interface BandwidthAdvice {
  reason: 'participants' | 'paused';
  audio_kbps: number;
  video_kbps: number;
}

export interface RoomPolicy {
  max_peers: number;
  ttl_minutes: number;
  locked: boolean;
  lobby: boolean;
  wait_for_moderator: boolean;
  /** Whether participants may record themselves. */
  own_tracks: boolean;
  /** Since when the room pauses, in milliseconds since 1970; 0 while it runs. */
  paused_at: number;
  advice: BandwidthAdvice | null;
}

/** Somebody in the lobby. */
export interface Knock {
  id: string;
  name: string;
}

export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

/** Of a recording that runs now; times are milliseconds since 1970. */
export interface RunningRecording {
  recording_id: string;
  by: string;
  started_at: number;
}

export interface TextMessage {
  id: string;
  sequence?: number;
  sender_id: string;
  sender_name: string;
  text: string;
  html: string;
  sent_at: number;
  client_id?: string;
  edited_at?: number;
  reactions?: Reaction[];
}

export interface Reaction {
  emoji: string;
  by: string[];
}

/** What is left of a message that was deleted. */
export interface Tombstone {
  id: string;
  sequence?: number;
  sender_id: string;
  sender_name: string;
  sent_at: number;
  deleted_at: number;
}

export interface SystemMessage {
  id: string;
  sequence?: number;
  system: Record<string, unknown>;
  security: string;
  sent_at: number;
}

export type ChatMessage = TextMessage | SystemMessage | Tombstone;

export type Payload = Record<string, unknown>;

/** Orders about participants: these are signed by who gives them. */
export type OrderCommand =
  | { command: 'SET_SPEAKER'; target_id: string }
  | { command: 'RESET_SPEAKER' }
  | { command: 'MUTE_AUDIO' | 'MUTE_VIDEO'; target_id: string; locked?: boolean }
  | { command: 'GLOBAL_MUTE_AUDIO' | 'GLOBAL_MUTE_VIDEO'; locked?: boolean }
  | { command: 'ALLOW_AUDIO' | 'ALLOW_VIDEO'; target_id?: string }
  | { command: 'KICK_PEER'; target_id: string; reason?: string };

/** What organizers and moderators may ask for; `target_id` names a participant. */
export type ControlCommand =
  | OrderCommand
  | { command: 'START_RECORD' | 'STOP_RECORD' | 'RECORD_OWN_TRACK' | 'SET_PAUSE' | 'RESUME_CONFERENCE' | 'END_ROOM' }
  | { command: 'DENY'; target_id: string }
  | { command: 'LOCK_ROOM'; locked?: boolean }
  | { command: 'ADMIT'; target_id?: string }
  | { command: 'EXTEND'; minutes: number };

export type ClientMessage =
  | { type: 'join'; token: string; resume?: string; received?: number; lacks_history?: boolean; max_peers?: number; ttl_minutes?: number }
  | { type: 'renew'; token: string }
  | { type: 'offer' | 'answer' | 'candidate'; target_id: string; payload: Payload }
  | { type: 'chat'; text: string; client_id?: string }
  | { type: 'chat'; system_data: string; security: string }
  | { type: 'media_state'; audio: boolean; video: boolean; screen: boolean }
  | { type: 'chat_edit'; message_id: string; text: string }
  | { type: 'chat_delete'; message_id: string }
  | { type: 'reaction'; message_id: string; emoji: string; on: boolean }
  | { type: 'raise_hand'; raised: boolean }
  | { type: 'pointer'; x: number; y: number }
  | { type: 'gesture'; emoji: string }
  | ({ type: 'control_frame'; proof?: string } & ControlCommand)
  | QualityReport
  | { type: 'leave' };

/** How one connection did lately. */
export interface QualityReport {
  type: 'quality';
  /** The participant at its other end. */
  target_id: string;
  /** There and back, milliseconds. */
  rtt_ms: number;
  jitter_ms: number;
  /** Of the voice, 0 to 1. */
  loss: number;
  kbps_in: number;
  kbps_out: number;
  candidate: 'host' | 'srflx' | 'prflx' | 'relay';
  /** Mean opinion score times 100: 100 to 450. */
  mos: number;
  cause: 'none' | 'loss' | 'delay' | 'jitter' | 'relay' | 'silent';
}

export interface Welcome {
  type: 'welcome';
  id: string;
  role: Role;
  name: string;
  /** One's own hand and locks, as in a participant. */
  hand: number;
  audio_locked: boolean;
  video_locked: boolean;
  room: { id: string; title: string };
  participants: Participant[];
  policy: RoomPolicy;
  deadline: number;
  /** Who waits in the lobby; for organizers and moderators only. */
  knocking?: Knock[];
  resume: string;
  /** Whether the session goes on; false for a new one, also when the participant asked to resume. */
  resumed: boolean;
  /** Counted frames that the server has taken in this session. */
  received: number;
  /** False when frames of a resumed session are missing: then both sides count from zero again. */
  complete: boolean;
  ice_servers: IceServer[];
  recording: RunningRecording | null;
  /** Whom everybody looks at, by a moderator's wish. */
  speaker: string | null;
  server_time: number;
}

export interface ErrorMessage {
  type: 'error';
  code: string;
  message: string;
  retry_after_ms?: number;
  ref?: string;
}

/** An order as it was given, with the proof of who gave it. */
export interface OrderMessage {
  type: 'order';
  command: OrderCommand['command'];
  target_id: string | null;
  locked: boolean;
  by: string;
  proof: string;
}

export type ServerMessage =
  | OrderMessage
  | Welcome
  | { type: 'peer-joined' | 'peer-updated'; participant: Participant }
  | { type: 'peer-left'; id: string; reason: 'left' | 'timeout' | 'room_closed' | 'kicked' }
  | { type: 'peer-away' | 'peer-back'; id: string }
  | { type: 'offer' | 'answer' | 'candidate'; sender_id: string; payload: Payload }
  | ({ type: 'chat_broadcast' } & ChatMessage)
  | { type: 'chat_history'; messages: ChatMessage[]; next_before: number }
  | ({ type: 'record_started' } & RunningRecording)
  | { type: 'own_track_granted'; recording_id: string }
  | { type: 'record_stopped'; recording_id: string; by: string; stopped_at: number }
  | { type: 'focus_speaker'; id: string; by: string }
  | { type: 'reset_speaker'; by: string }
  | { type: 'force_mute'; target_id: string | null; media: MutedMedia; locked: boolean; by: string }
  | { type: 'allow_media'; target_id: string | null; media: MutedMedia; by: string }
  | { type: 'force_kick'; target_id: string; by: string }
  | { type: 'chat_edited'; id: string; text: string; html: string; edited_at: number; by: string }
  | { type: 'chat_deleted'; id: string; deleted_at: number; by: string }
  | { type: 'reaction'; message_id: string; sender_id: string; emoji: string; on: boolean }
  | { type: 'pointer'; id: string; x: number; y: number }
  | { type: 'gesture'; id: string; emoji: string }
  | { type: 'knocking' | 'waiting_for_moderator'; room: { id: string; title: string } }
  | ({ type: 'knock' } & Knock)
  | { type: 'knock_gone'; id: string }
  | { type: 'room_policy'; policy: RoomPolicy; deadline: number; by?: string }
  | { type: 'room_paused'; by: string; paused_at: number; deadline: number }
  | { type: 'room_resumed'; by: string; deadline: number }
  | { type: 'room_expiring'; deadline: number; minutes_left: number }
  | { type: 'room_closed'; reason: 'expired' | 'ended' }
  | { type: 'renewed'; expires_at: number; ice_servers: IceServer[] }
  | ErrorMessage;

export function isTombstone(message: ChatMessage): message is Tombstone {
  return 'deleted_at' in message;
}

export function isSystemMessage(message: ChatMessage): message is SystemMessage {
  return 'system' in message;
}

export function isOrder(command: ControlCommand): command is OrderCommand {
  return /^(?:SET_SPEAKER|RESET_SPEAKER|KICK_PEER|(?:MUTE|GLOBAL_MUTE|ALLOW)_(?:AUDIO|VIDEO))$/.test(command.command);
}

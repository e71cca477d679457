import type { ServerMessage } from './messages.ts';

type Kind = 'string' | 'number' | 'boolean' | 'array' | 'object' | 'object?' | 'string?';
type Shape = Record<string, Kind>;

const participant: Shape = {
  id: 'string', name: 'string', role: 'string', audio: 'boolean', video: 'boolean', screen: 'boolean', away: 'boolean',
  hand: 'number', audio_locked: 'boolean', video_locked: 'boolean',
};
const policy: Shape = {
  max_peers: 'number', ttl_minutes: 'number', locked: 'boolean', lobby: 'boolean', wait_for_moderator: 'boolean', own_tracks: 'boolean', paused_at: 'number',
  advice: 'object?',
};
const relayed: Shape = { sender_id: 'string', payload: 'object' };

const shapes: Record<ServerMessage['type'], Shape> = {
  'welcome': {
    id: 'string', role: 'string', name: 'string', hand: 'number', audio_locked: 'boolean', video_locked: 'boolean', room: 'object', participants: 'array', policy: 'object', deadline: 'number',
    resume: 'string', resumed: 'boolean', received: 'number', complete: 'boolean', ice_servers: 'array', recording: 'object?', speaker: 'string?', server_time: 'number',
  },
  'peer-joined': { participant: 'object' },
  'peer-updated': { participant: 'object' },
  'peer-left': { id: 'string', reason: 'string' },
  'peer-away': { id: 'string' },
  'peer-back': { id: 'string' },
  'offer': relayed,
  'answer': relayed,
  'candidate': relayed,
  'chat_broadcast': { id: 'string', sent_at: 'number' },
  'chat_history': { messages: 'array', next_before: 'number' },
  'record_started': { recording_id: 'string', by: 'string', started_at: 'number' },
  'own_track_granted': { recording_id: 'string' },
  'record_stopped': { recording_id: 'string', by: 'string', stopped_at: 'number' },
  'focus_speaker': { id: 'string', by: 'string' },
  'reset_speaker': { by: 'string' },
  'order': { command: 'string', target_id: 'string?', locked: 'boolean', by: 'string', proof: 'string' },
  'force_mute': { target_id: 'string?', media: 'string', locked: 'boolean', by: 'string' },
  'allow_media': { target_id: 'string?', media: 'string', by: 'string' },
  'force_kick': { target_id: 'string', by: 'string' },
  'chat_edited': { id: 'string', text: 'string', html: 'string', edited_at: 'number', by: 'string' },
  'chat_deleted': { id: 'string', deleted_at: 'number', by: 'string' },
  'reaction': { message_id: 'string', sender_id: 'string', emoji: 'string', on: 'boolean' },
  'pointer': { id: 'string', x: 'number', y: 'number' },
  'gesture': { id: 'string', emoji: 'string' },
  'knocking': { room: 'object' },
  'waiting_for_moderator': { room: 'object' },
  'knock': { id: 'string', name: 'string' },
  'knock_gone': { id: 'string' },
  'room_policy': { policy: 'object', deadline: 'number' },
  'room_paused': { by: 'string', paused_at: 'number', deadline: 'number' },
  'room_resumed': { by: 'string', deadline: 'number' },
  'room_expiring': { deadline: 'number', minutes_left: 'number' },
  'room_closed': { reason: 'string' },
  'renewed': { expires_at: 'number', ice_servers: 'array' },
  'error': { code: 'string', message: 'string' },
};

/** A frame of the server: its type, empty when it has none, and the message, null when this client does not understand it. */
export interface ReceivedFrame {
  type: string;
  message: ServerMessage | null;
}

/** Reads a frame. There is no message when it is not JSON, its type is unknown, or a member it needs is missing or of the wrong kind. */
export function parseServerMessage(frame: string): ReceivedFrame {
  const value = parseObject(frame);
  const type = value?.['type'];
  if (value === null || typeof type !== 'string') return { type: '', message: null };
  if (!Object.hasOwn(shapes, type)) return { type, message: null };
  const message = value as unknown as ServerMessage;
  return { type, message: hasShape(value, shapes[message.type]) && partsHold(message) ? message : null };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function partsHold(message: ServerMessage): boolean {
  switch (message.type) {
    case 'welcome':
      return hasShape(message.room, { id: 'string', title: 'string' })
        && hasShape(message.policy, policy)
        && message.participants.every((one) => hasShape(one, participant))
        && (message.knocking === undefined || message.knocking.every((one) => hasShape(one, shapes.knock)));
    case 'knocking':
    case 'waiting_for_moderator':
      return hasShape(message.room, { id: 'string', title: 'string' });
    case 'room_policy':
      return hasShape(message.policy, policy);
    case 'peer-joined':
    case 'peer-updated':
      return hasShape(message.participant, participant);
    case 'chat_broadcast':
      return isChatMessage(message);
    case 'chat_history':
      return message.messages.every(isChatMessage);
    default:
      return true;
  }
}

/** A message somebody wrote, what is left of a deleted one, or a system message; also the shape of the history's pages. */
export function isChatMessage(value: unknown): boolean {
  return hasShape(value, { id: 'string', sent_at: 'number', sender_id: 'string', sender_name: 'string', text: 'string' })
    || hasShape(value, { id: 'string', sent_at: 'number', sender_id: 'string', sender_name: 'string', deleted_at: 'number' })
    || hasShape(value, { id: 'string', sent_at: 'number', system: 'object', security: 'string' });
}

function hasShape(value: unknown, shape: Shape): boolean {
  return isObject(value) && Object.entries(shape).every(([name, kind]) => isKind(value[name], kind));
}

function isKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'array': return Array.isArray(value);
    case 'object': return isObject(value);
    case 'string?': return value === null || typeof value === 'string';
    case 'object?': return value === null || isObject(value);
    default: return typeof value === kind;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `@clearway/client`: calls without a user interface, in browsers and, without media, in Node. What is exported here, and the events and
 * messages that it leads to, is the package's public surface; its major version is that of the wire.
 */
export type { OrderRefusal } from '../identity/order.ts';
export type { Verdict } from '../identity/verifiedRelay.ts';
export { Problem } from '../api/problem.ts';
export { LocalMedia, type CameraLines, type DeviceKind, type LocalMediaEvents } from '../media/localMedia.ts';
export type { MediaRefusal } from '../media/mediaError.ts';
export { PushToTalk } from '../media/pushToTalk.ts';
export type { LinkCause } from '../peer/linkQuality.ts';
export type { CandidateType, LinkQuality } from '../peer/linkStats.ts';
export type { BudgetReason, QualityStep } from '../peer/mediaBudget.ts';
export { noTracks, type LocalTracks, type RemoteTracks, type TrackKind } from '../peer/tracks.ts';
export type { Room as Call } from '../room/room.ts';
export type { ChatChange, RoomEvents as CallEvents } from '../room/roomEvents.ts';
export { isSystemMessage, isTombstone } from '../signaling/messages.ts';
export type {
  ChatMessage, ControlCommand, ErrorMessage, Knock, MutedMedia, Participant, Role, RoomPolicy, RunningRecording, SystemMessage, TextMessage,
  Tombstone, Welcome,
} from '../signaling/messages.ts';
export type { SignalingState } from '../signaling/signalingClient.ts';
export { wireProtocol } from '../signaling/traceContext.ts';
export { openCall, type CallOptions } from './openCall.ts';

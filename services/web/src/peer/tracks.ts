/**
 * One peer connection carries these, always, in this order: a track is known by its place, and toggling needs no negotiation.
 * `screenSound` is what the shared tab or system plays.
 */
export const trackKinds = ['audio', 'camera', 'screen', 'screenSound'] as const;
export type TrackKind = (typeof trackKinds)[number];
/** What one sends; null where nothing is sent. A microphone that is muted is there, with `enabled` false. */
export type LocalTracks = Record<TrackKind, MediaStreamTrack | null>;
/** What one participant may send: all four are there from the first, and muted until something comes. */
export type RemoteTracks = Record<TrackKind, MediaStreamTrack>;

export const noTracks: LocalTracks = { audio: null, camera: null, screen: null, screenSound: null };

/** Of the sections: what is heard, and what is seen. */
export function isSound(kind: TrackKind): boolean {
  return kind === 'audio' || kind === 'screenSound';
}

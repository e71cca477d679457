/**
 * One peer connection carries these, always, in this order: a track is known by its place, and toggling needs no negotiation.
 * `screenSound` is what the shared tab or system plays.
 */
export const trackKinds = ['audio', 'camera', 'screen', 'screenSound'] as const;
export type TrackKind = (typeof trackKinds)[number];
export type LocalTracks = Record<TrackKind, MediaStreamTrack | null>;
export type RemoteTracks = Record<TrackKind, MediaStreamTrack>;

export const noTracks: LocalTracks = { audio: null, camera: null, screen: null, screenSound: null };

/** Of the sections: what is heard, and what is seen. */
export function isSound(kind: TrackKind): boolean {
  return kind === 'audio' || kind === 'screenSound';
}

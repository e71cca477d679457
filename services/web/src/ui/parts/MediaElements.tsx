import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { preferences } from '../preferences.ts';
import { playWhenAllowed } from './playWhenAllowed.ts';
import { watchShownLines } from './shownLines.ts';

interface VideoProps {
  track: MediaStreamTrack;
  class?: string;
  label: string;
  testId?: string;
  onShown?: (() => void) | undefined;
  /** Told how many lines of device pixels it has; 0 once it is gone. The same function for as long as it is the same track. */
  onLines?: ((lines: number) => void) | undefined;
}

/** Shows one video track, silently: sound has an element of its own, so that it plays on while pictures come and go. */
export function TrackVideo({ track, class: name = '', label, testId, onShown, onLines }: VideoProps): JSX.Element {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = ref.current;
    if (video === null) return undefined;
    video.muted = true;
    video.srcObject = new MediaStream([track]);
    // Muted it may always play; it is refused only when another track takes its place before it began.
    video.play().catch(() => undefined);
    const stop = onLines === undefined ? undefined : watchShownLines(video, onLines);
    return () => {
      stop?.();
      video.srcObject = null;
    };
  }, [track]);
  return <video ref={ref} class={name} aria-label={label} data-testid={testId} autoplay playsInline onLoadedData={onShown} />;
}

export function TrackAudio({ participantId, track, onHeard }: { participantId: string; track: MediaStreamTrack; onHeard?: () => void }): JSX.Element {
  const ref = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const audio = ref.current;
    if (audio === null) return undefined;
    audio.srcObject = new MediaStream([track]);
    const stopTrying = playWhenAllowed(audio);
    // A remote track is muted until its first packet is there; the element itself "plays" silence before.
    if (onHeard !== undefined && track.muted) track.addEventListener('unmute', onHeard, { once: true });
    else onHeard?.();
    return () => {
      stopTrying();
      if (onHeard !== undefined) track.removeEventListener('unmute', onHeard);
      audio.srcObject = null;
    };
    // What is told to do when it is heard stays the same for the life of a call.
  }, [track]);
  const speaker = preferences.speaker.value;
  useEffect(() => {
    // A loudspeaker that is no longer there gives way to the system's own choice.
    if (ref.current !== null && 'setSinkId' in ref.current) ref.current.setSinkId(speaker).catch(() => ref.current?.setSinkId(''));
  }, [speaker]);
  return <audio ref={ref} autoplay data-testid="remote-audio" data-participant-id={participantId} />;
}

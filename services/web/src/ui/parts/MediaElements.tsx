import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface VideoProps {
  track: MediaStreamTrack;
  class?: string;
  label: string;
  testId?: string;
  onShown?: (() => void) | undefined;
}

/** Shows one video track, silently: sound has an element of its own, so that it plays on while pictures come and go. */
export function TrackVideo({ track, class: name = '', label, testId, onShown }: VideoProps): JSX.Element {
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = ref.current;
    if (video === null) return undefined;
    video.muted = true;
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => undefined);
    return () => (video.srcObject = null);
  }, [track]);
  return <video ref={ref} class={name} aria-label={label} data-testid={testId} autoplay playsInline onLoadedData={onShown} />;
}

export function TrackAudio({ track, onHeard }: { track: MediaStreamTrack; onHeard: () => void }): JSX.Element {
  const ref = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const audio = ref.current;
    if (audio === null) return undefined;
    audio.srcObject = new MediaStream([track]);
    audio.play().catch(() => undefined);
    return () => (audio.srcObject = null);
  }, [track]);
  return <audio ref={ref} autoplay onPlaying={onHeard} />;
}

/**
 * Nothing of it is to be heard, and a meter has time: an output device would want data a hundred times a second. The compiler's library does
 * not know `sinkId` yet (W3C Web Audio API 1.1), nor do all browsers, which then ignore it.
 */
const unheard: AudioContextOptions & { sinkId: { type: 'none' } } = { latencyHint: 'playback', sinkId: { type: 'none' } };

const gestures = ['pointerdown', 'keydown'] as const;

/** Reads the loudness of a microphone, 0 to 1, about ten times a second. Returns what ends it. */
export function watchLevel(track: MediaStreamTrack, heard: (level: number) => void): () => void {
  const context = new AudioContext(unheard);
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  // Without a click or key on this page so far the browser keeps the context asleep.
  const wake = (): void => void context.resume();
  for (const gesture of gestures) addEventListener(gesture, wake, { once: true });
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    heard(loudness(samples));
  }, 100);
  return () => {
    clearInterval(timer);
    for (const gesture of gestures) removeEventListener(gesture, wake);
    source.disconnect();
    void context.close();
  };
}

/** Root mean square on a decibel scale: -60 dBFS is 0, 0 dBFS is 1. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 20 * Math.log10(Math.sqrt(sum / samples.length) || 1e-6);
  return Math.min(1, Math.max(0, (decibels + 60) / 60));
}

/** Plays now, or with the first click or key where the browser wants one before it makes a sound. Returns what ends the waiting. */
export function playWhenAllowed(element: HTMLMediaElement): () => void {
  const waiting = new AbortController();
  const play = (): void => void element.play().then(() => waiting.abort(), (refusal: unknown) => {
    // Any other refusal comes of another track having taken this one's place, and that one plays.
    if (!(refusal instanceof DOMException && refusal.name === 'NotAllowedError')) waiting.abort();
  });
  for (const gesture of ['pointerdown', 'keydown']) addEventListener(gesture, play, { signal: waiting.signal });
  play();
  return () => waiting.abort();
}

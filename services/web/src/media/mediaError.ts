/** Why a camera, microphone or screen could not be had; the UI has a sentence and a next step for each. */
export type MediaRefusal = 'blocked' | 'system' | 'no_device' | 'in_use' | 'insecure' | 'cancelled' | 'unavailable';

/** Sorts what getUserMedia and getDisplayMedia reject with (W3C mediacapture-main section 10.2). */
export function mediaRefusal(error: unknown, source: 'device' | 'screen' = 'device'): MediaRefusal {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
      // No name of its own tells that the browser may and the system does not let it; Chromium says so in the message.
      if (/by system/i.test((error as Error).message)) return 'system';
      // Closing the screen picker looks the same as a blocked permission.
      return source === 'screen' ? 'cancelled' : 'blocked';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no_device';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    case 'SecurityError':
    case 'TypeError':
      return 'insecure';
    default:
      return 'unavailable';
  }
}

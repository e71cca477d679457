/** Members of Screen Capture that TypeScript's library does not know yet. */
interface ScreenRequest extends DisplayMediaStreamOptions {
  selfBrowserSurface: 'exclude';
  systemAudio: 'include' | 'exclude';
  audio: MediaTrackConstraints & { restrictOwnAudio?: boolean };
}

/**
 * What is asked of the screen picker (W3C Screen Capture). What the system plays contains the voices of the call: sent back they would be
 * an echo to everybody, so it is asked for only where the browser leaves its own sound out. A tab other than this one plays none of them.
 */
export function screenRequest(devices: Pick<MediaDevices, 'getSupportedConstraints'>): ScreenRequest {
  const leavesOwnSoundOut = 'restrictOwnAudio' in devices.getSupportedConstraints();
  return {
    video: { frameRate: { max: 15 } },
    audio: {
      // It is no voice: what makes voices clear would spoil music.
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      ...(leavesOwnSoundOut ? { restrictOwnAudio: true } : {}),
    },
    systemAudio: leavesOwnSoundOut ? 'include' : 'exclude',
    selfBrowserSurface: 'exclude',
  };
}

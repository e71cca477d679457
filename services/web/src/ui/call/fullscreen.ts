export const canFullscreen = typeof document !== 'undefined' && document.fullscreenEnabled;

/** The whole page fills the screen, or no longer does. */
export function toggleFullscreen(): void {
  if (document.fullscreenElement !== null) void document.exitFullscreen();
  // Refused where the click is too long ago: nothing is lost.
  else document.documentElement.requestFullscreen().catch(() => undefined);
}

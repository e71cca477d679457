/** Keeps the screen on as long as one is in the call (Screen Wake Lock); returns what ends it. The browser lets go of it with each look elsewhere. */
export function keepScreenOn(): () => void {
  let held: Promise<WakeLockSentinel | undefined> = Promise.resolve(undefined);
  const hold = (): void => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    // Refused when the battery is low: the call goes on, and the screen may go dark.
    held = navigator.wakeLock.request('screen').catch(() => undefined);
  };
  document.addEventListener('visibilitychange', hold);
  hold();
  return () => {
    document.removeEventListener('visibilitychange', hold);
    void held.then((lock) => lock?.release());
  };
}

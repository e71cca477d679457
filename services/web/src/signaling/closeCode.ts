/** WebSocket close codes of docs/signaling-protocol.md: 4100-4199 forbid reconnecting, as do the refusals of RFC 6455 that we caused. */
export function mayReconnect(closeCode: number): boolean {
  if (closeCode >= 4100 && closeCode <= 4199) return false;
  return closeCode !== 1002 && closeCode !== 1003 && closeCode !== 1007 && closeCode !== 1009;
}

/** The stable code behind a close code that ends the session, for when its `error` frame did not arrive. */
export function refusalOf(closeCode: number): string {
  return refusals[closeCode] ?? 'connection_refused';
}

const refusals: Record<number, string> = {
  1003: 'binary_frame',
  1009: 'frame_too_large',
  4100: 'bad_json',
  4101: 'token_expired',
  4102: 'join_timeout',
  4103: 'replaced',
  4104: 'kicked',
  4105: 'room_expired',
  4106: 'flood',
  4107: 'join_expected',
  4108: 'room_full',
  4109: 'not_admitted',
  4110: 'room_locked',
  4111: 'room_paused',
  4112: 'quota_exceeded',
};

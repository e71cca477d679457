/**
 * Tells whoever gets this description to send next to nothing of a voice while it is silent (RFC 7587 section 6.1, `usedtx`). Of eight
 * people one speaks: the packets of the other seven would cost their uplinks and processors most of what a call costs.
 */
export function preferringSilence(sdp: string): string {
  const start = sdp.indexOf('\nm=audio');
  if (start < 0) return sdp;
  const next = sdp.indexOf('\nm=', start + 1);
  const end = next < 0 ? sdp.length : next;
  const voice = sdp.slice(start, end);
  const opus = /\na=rtpmap:(\d+) opus\//i.exec(voice)?.[1];
  const format = opus === undefined ? undefined : new RegExp(`\\na=fmtp:${opus} [^\\r\\n]+`).exec(voice)?.[0];
  if (format === undefined || format.includes('usedtx=')) return sdp;
  return sdp.slice(0, start) + voice.replace(format, `${format};usedtx=1`) + sdp.slice(end);
}

/**
 * The fingerprints of a session description (RFC 8122), each once and in order: "sha-256 AB:CD...". Null when there is none, or a line that
 * speaks of one in any other form, which a browser might read otherwise than we do.
 */
export function fingerprintsOf(sdp: string): string[] | null {
  const found = new Set<string>();
  for (const line of sdp.split(/[\r\n\u2028\u2029]+/)) {
    if (!/fingerprint/i.test(line)) continue;
    const match = /^a=fingerprint:([A-Za-z0-9-]+) ([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){19,63})$/.exec(line);
    if (match === null) return null;
    found.add(normalize(match[1] ?? '', match[2] ?? ''));
  }
  return found.size === 0 ? null : [...found].sort();
}

/** Browsers answer getStats from a reading that is up to this old. */
const staleMs = 100;
const readings = 20;

/**
 * The fingerprint of the certificate that the other end of a connected peer connection shows (W3C webrtc-stats). A reading from just before
 * it was connected does not tell yet, and is followed by another; null when none tells.
 */
export async function fingerprintInUse(connection: Pick<RTCPeerConnection, 'getStats'>): Promise<string | null> {
  for (let reading = 1; ; reading++) {
    const found = await presentedFingerprint(connection) ?? await readFingerprint(connection);
    if (found !== null || reading === readings) return found;
    await new Promise((done) => setTimeout(done, staleMs));
  }
}

/** As the transport has it (RTCDtlsTransport). Chromium's statistics keep what they knew of certificates when they were first asked. */
async function presentedFingerprint(connection: object): Promise<string | null> {
  if (!('getReceivers' in connection)) return null;
  const transport = (connection as RTCPeerConnection).getReceivers()[0]?.transport;
  if (transport?.state !== 'connected' || !('getRemoteCertificates' in transport)) return null;
  const certificate = transport.getRemoteCertificates()[0];
  if (certificate === undefined) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', certificate));
  return normalize('sha-256', Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(':'));
}

async function readFingerprint(connection: Pick<RTCPeerConnection, 'getStats'>): Promise<string | null> {
  const reports = new Map<string, Record<string, unknown>>();
  (await connection.getStats()).forEach((report: Record<string, unknown>, id: string) => reports.set(id, report));
  const transport = [...reports.values()].find((report) => report['type'] === 'transport');
  const certificate = reports.get(String(transport?.['remoteCertificateId']));
  const [kind, value] = [certificate?.['fingerprintAlgorithm'], certificate?.['fingerprint']];
  return typeof kind === 'string' && typeof value === 'string' ? normalize(kind, value) : null;
}

function normalize(kind: string, value: string): string {
  return `${kind.toLowerCase()} ${value.toUpperCase()}`;
}

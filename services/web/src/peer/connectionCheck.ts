import type { IceServer } from '../signaling/messages.ts';

/** The ways media can take, from the best to the last. */
export const ways = ['direct', 'udp', 'tcp', 'tls'] as const;
export type Way = (typeof ways)[number];
/** `absent`: the installation offers no server for it. */
export type WayState = 'works' | 'blocked' | 'absent';
export type ConnectionReport = Record<Way, WayState>;

/** A relay that has not answered by then is not reached. */
const patienceMs = 6_000;

/**
 * Tries each way on its own: whether the browser learns an address of its own from a STUN server, and whether two peer connections in this
 * page can exchange data through each kind of relay (RFC 8656).
 */
export async function checkConnection(servers: readonly IceServer[]): Promise<ConnectionReport> {
  const [direct, udp, tcp, tls] = await Promise.all([
    tryDirect(servers.flatMap((server) => only(server, (url) => url.startsWith('stun')))),
    tryRelay(servers.flatMap((server) => only(server, (url) => url.startsWith('turn:') && !url.includes('transport=tcp')))),
    tryRelay(servers.flatMap((server) => only(server, (url) => url.startsWith('turn:') && url.includes('transport=tcp')))),
    tryRelay(servers.flatMap((server) => only(server, (url) => url.startsWith('turns:')))),
  ]);
  return { direct, udp, tcp, tls };
}

/** What the report means for the call: `relayed` is over TCP, slower; `local` is without any server to ask, fine in one network. */
export function verdictOf(report: ConnectionReport): 'good' | 'relayed' | 'local' | 'blocked' {
  if (report.direct === 'works' || report.udp === 'works') return 'good';
  if (report.tcp === 'works' || report.tls === 'works') return 'relayed';
  return ways.every((way) => report[way] === 'absent') ? 'local' : 'blocked';
}

function only(server: IceServer, fits: (url: string) => boolean): IceServer[] {
  const urls = server.urls.filter(fits);
  return urls.length === 0 ? [] : [{ ...server, urls }];
}

async function tryDirect(iceServers: IceServer[]): Promise<WayState> {
  if (iceServers.length === 0) return 'absent';
  const connection = new RTCPeerConnection({ iceServers });
  try {
    const found = new Promise<boolean>((done) => {
      connection.onicecandidate = ({ candidate }) => {
        if (candidate === null) done(false);
        else if (candidate.type === 'srflx') done(true);
      };
    });
    connection.createDataChannel('check');
    await connection.setLocalDescription();
    return await inTime(found) === true ? 'works' : 'blocked';
  } finally {
    connection.close();
  }
}

async function tryRelay(iceServers: IceServer[]): Promise<WayState> {
  if (iceServers.length === 0) return 'absent';
  const configuration: RTCConfiguration = { iceServers, iceTransportPolicy: 'relay' };
  const near = new RTCPeerConnection(configuration);
  const far = new RTCPeerConnection(configuration);
  try {
    near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined);
    far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined);
    const echoed = new Promise<boolean>((done) => {
      far.ondatachannel = ({ channel }) => (channel.onmessage = () => channel.send('back'));
      const channel = near.createDataChannel('check');
      channel.onopen = () => channel.send('there');
      channel.onmessage = () => done(true);
    });
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription as RTCSessionDescription);
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription as RTCSessionDescription);
    return await inTime(echoed) === true ? 'works' : 'blocked';
  } finally {
    near.close();
    far.close();
  }
}

async function inTime<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((done) => (timer = setTimeout(() => done(undefined), patienceMs)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { readPastedInvitation } from '../api/invitation.ts';
import { Problem } from '../api/problem.ts';
import { Identity } from '../identity/identity.ts';
import { openAdmittedRoom } from '../room/admittedRoom.ts';
import type { Room } from '../room/room.ts';
import { newTraceContext } from '../signaling/traceContext.ts';
import { SessionApi } from './sessionApi.ts';

/** With what a call is opened. */
export interface CallOptions {
  /** The whole link, or the invitation in it. */
  invitation: string;
  /** What the others see. */
  name: string;
  /** Origin of the Clearway server; by default that of the link, then that of this page. */
  server?: string;
  /** For runtimes without a WebSocket of their own. */
  openSocket?: (url: string, protocols: string[]) => WebSocket;
}

/**
 * Redeems an invitation and prepares a call: add listeners, then `join()`. Tokens and certificates are kept fresh until it has ended.
 * Where there is no WebRTC, as in Node, everything works but media.
 * @throws Problem with a stable code when the invitation is refused (docs/rest-api.md).
 */
export async function openCall({ invitation: given, name, server, openSocket }: CallOptions): Promise<Room> {
  const invitation = readPastedInvitation(given);
  if (invitation === null) throw new Problem(400, 'invitation_invalid', 'this is no invitation');
  const origin = server ?? originOf(given);
  const api = new SessionApi(origin);
  const identity = await Identity.create();
  const admission = await api.redeem(invitation, name, identity.jwk);
  const { room, token } = openAdmittedRoom({ server: origin, admission, identity, api, trace: newTraceContext(), openSocket });
  room.on('ended', () => token.stop());
  return room;
}

function originOf(link: string): string {
  if (/^https?:/.test(link)) return new URL(link).origin;
  if ('location' in globalThis) return location.origin;
  throw new Problem(400, 'server_missing', 'an invitation without its link needs `server`');
}

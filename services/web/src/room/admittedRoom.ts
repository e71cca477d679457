import type { Admission } from '../api/rest.ts';
import type { IssuedCertificate } from '../identity/credential.ts';
import type { Identity } from '../identity/identity.ts';
import type { SignalingOptions } from '../signaling/signalingClient.ts';
import { RoomToken, type IssuedToken } from '../signaling/roomToken.ts';
import type { TraceContext } from '../signaling/traceContext.ts';
import { Room } from './room.ts';

/** What a session asks of the server beside its signaling connection (docs/rest-api.md). */
export interface SessionCalls {
  certificate: (request: string, token: string) => Promise<IssuedCertificate>;
  refreshToken: (token: string) => Promise<IssuedToken>;
  /** Whom certificates must come from, as PEM. */
  authorities: () => Promise<string>;
}

export interface AdmittedRoomOptions {
  /** Origin of the server. */
  server: string;
  admission: Admission;
  identity: Identity;
  api: SessionCalls;
  trace: TraceContext;
  openSocket?: SignalingOptions['openSocket'] | undefined;
}

/** The room that a redeemed invitation admits to, not joined yet, and its token; whoever opens it stops the token when nothing needs it any more. */
export function openAdmittedRoom({ server, admission, identity, api, trace, openSocket }: AdmittedRoomOptions): { room: Room; token: RoomToken } {
  const token = new RoomToken(admission, async (old) => {
    const issued = await api.refreshToken(old);
    room.renew(issued.token);
    return issued;
  });
  const room = new Room({
    url: new URL('/api/v1/ws', server).href.replace(/^http/, 'ws'),
    trace,
    roomId: admission.room_id,
    identity: identity.open({
      room: admission.room_id,
      tenant: admission.tenant,
      session: admission.session_id,
      self: admission.participant_id,
      required: admission.require_verified,
      issue: async (request) => api.certificate(request, await token.fresh()),
      authorities: () => api.authorities(),
    }),
    token: () => token.fresh(),
    wishes: {
      ...(admission.max_peers === undefined ? {} : { max_peers: admission.max_peers }),
      ...(admission.ttl_minutes === undefined ? {} : { ttl_minutes: admission.ttl_minutes }),
    },
    ...(openSocket === undefined ? {} : { openSocket }),
  });
  return { room, token };
}

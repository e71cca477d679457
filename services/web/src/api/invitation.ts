import type { Role } from '../signaling/messages.ts';
import { readClaims } from './claims.ts';

/** What the client reads from an invitation before joining. It is not verified here: the server does that when it is redeemed. */
export interface InvitationPreview {
  roomTitle: string;
  role: Role;
  expiresAt: number | undefined;
}

export function readInvitation(invitation: string): InvitationPreview | null {
  const claims = readClaims(invitation);
  if (claims === null) return null;
  const title = claims['room_title'];
  const expires = claims['exp'];
  return {
    roomTitle: typeof title === 'string' ? title : '',
    role: claims['role'] === 'organizer' ? 'organizer' : 'participant',
    expiresAt: typeof expires === 'number' ? expires * 1000 : undefined,
  };
}

/** The part of a link behind `#`; the organizer's own link also carries the invitation for guests, so that it can be copied in the call. */
export interface JoinLink {
  invitation: string;
  guestInvitation: string | undefined;
}

export function readJoinLink(hash: string): JoinLink | null {
  const [invitation = '', ...rest] = hash.replace(/^#/, '').split('&');
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(invitation)) return null;
  const guest = rest.find((part) => part.startsWith('guest='))?.slice('guest='.length);
  return { invitation, guestInvitation: guest };
}

/** Accepts a whole link or the bare invitation, as people paste either. */
export function readPastedInvitation(text: string): string | null {
  const trimmed = text.trim();
  return readJoinLink(trimmed.includes('#') ? trimmed.slice(trimmed.indexOf('#')) : trimmed)?.invitation ?? null;
}

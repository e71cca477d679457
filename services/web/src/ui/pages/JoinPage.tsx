import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { readInvitation, readJoinLink } from '../../api/invitation.ts';
import { codeOf, Problem } from '../../api/problem.ts';
import { rest } from '../../api/rest.ts';
import type { Identity } from '../../identity/identity.ts';
import { LocalMedia } from '../../media/localMedia.ts';
import { CallModel } from '../call/callModel.ts';
import { CallView } from '../call/CallView.tsx';
import { usePageFocus } from '../parts/usePageFocus.ts';
import { EndedPage } from './EndedPage.tsx';
import { LobbyPage } from './LobbyPage.tsx';
import { InvitationProblem } from './InvitationProblem.tsx';

/** `/join#INVITATION`: the lobby, then the call, then its end. */
export function JoinPage({ hash }: { hash: string }): JSX.Element {
  const link = readJoinLink(hash);
  const preview = link === null ? null : readInvitation(link.invitation);
  const [identity, setIdentity] = useState(newIdentity);
  const [media, setMedia] = useState(() => new LocalMedia());
  const [call, setCall] = useState<CallModel | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [joining, setJoining] = useState(false);

  usePageFocus(pageOf(call));
  useEffect(() => () => media.close(), [media]);
  useEffect(() => () => void call?.leave(), [call]);

  if (link === null || preview === null) return <InvitationProblem problem="incomplete" />;
  if (call === null && preview.expiresAt !== undefined && preview.expiresAt < Date.now()) return <InvitationProblem problem="expired" />;

  const guest = link.guestInvitation ?? (preview.role === 'organizer' ? undefined : link.invitation);
  const guestLink = guest === undefined ? undefined : `${location.origin}/join#${guest}`;

  const join = async (name: string): Promise<void> => {
    setJoining(true);
    setRefusal(null);
    try {
      const own = await identity;
      const admission = await rest.redeem(link.invitation, name, own.jwk);
      const model = new CallModel({ admission, media, name, invitation: link.invitation, invitationLink: guestLink, identity: own });
      setCall(model);
      model.join();
    } catch (error) {
      setIdentity(newIdentity);
      setRefusal(codeOf(error));
    } finally {
      setJoining(false);
    }
  };

  const again = (): void => {
    setCall(null);
    setIdentity(newIdentity);
    setMedia(new LocalMedia());
  };

  if (call === null) {
    return (
      <LobbyPage invitation={link.invitation} preview={preview} guestLink={preview.role === 'organizer' ? guestLink : undefined} media={media} joining={joining}
        refusal={refusal} join={(name) => void join(name)} />
    );
  }
  return call.ended.value === null ? <CallView call={call} /> : <EndedPage reason={call.ended.value} track={call.ownTrack} again={again} />;
}

function pageOf(call: CallModel | null): string {
  if (call === null) return 'lobby';
  if (call.ended.value !== null) return 'ended';
  return call.rules.waiting.value === null ? 'call' : 'waiting';
}

/** Each session has a key of its own, made while its owner looks at the lobby. */
function newIdentity(): Promise<Identity> {
  const identity = import('../../identity/identity.ts').then((part) => part.Identity.create(), () => {
    throw new Problem(0, 'part_unloaded', '');
  });
  // Whoever joins is told.
  identity.catch(() => undefined);
  return identity;
}

import type { Payload } from '../signaling/messages.ts';
import { Turns } from '../turns.ts';
import type { Credential } from './credential.ts';
import { fingerprintInUse, fingerprintsOf } from './fingerprints.ts';
import { seal, verifySeal, type SealRefusal } from './seal.ts';
import type { Holder } from './trust.ts';

type FrameType = 'offer' | 'answer' | 'candidate';

/** What is known of the other end of a peer connection. */
export type Verdict =
  | ({ state: 'verified' } & Pick<Holder, 'name' | 'organization' | 'role'>)
  /** Connected without a proof, which this installation permits. */
  | { state: 'unverified' }
  /** Nothing was connected by this; what was connected before by a proof goes on. */
  | { state: 'refused'; reason: SealRefusal | 'unsigned' | 'certificate_in_use' };

export interface VerifiedRelayOptions {
  credential: Credential;
  room: string;
  tenant: string;
  session: string;
  self: string;
  /** Whether descriptions without a proof are refused. */
  required: boolean;
  send: (type: FrameType, targetId: string, payload: Payload) => void;
  deliver: (type: FrameType, senderId: string, payload: Payload) => void;
  judged: (peerId: string, verdict: Verdict) => void;
}

interface Peer {
  readonly outgoing: Turns;
  readonly incoming: Turns;
  /** Of the last description that was let in with a proof. */
  fingerprints: string[] | null;
}

/**
 * Stands between the mesh and signaling: seals every description that goes out, and lets none in that is not sealed by the participant from
 * whom it claims to be. Frames keep their order in both directions, for each peer by itself.
 */
export class VerifiedRelay {
  readonly #options: VerifiedRelayOptions;
  readonly #peers = new Map<string, Peer>();

  constructor(options: VerifiedRelayOptions) {
    this.#options = options;
  }

  send(type: FrameType, targetId: string, payload: Payload): void {
    const peer = this.#peer(targetId);
    void peer.outgoing.take(async () => {
      const made = type === 'candidate' ? payload : await this.#sealed(type, targetId, payload);
      if (this.#peers.get(targetId) === peer) this.#options.send(type, targetId, made);
    });
  }

  receive(type: FrameType, senderId: string, payload: Payload): void {
    const peer = this.#peer(senderId);
    void peer.incoming.take(async () => {
      const permitted = type === 'candidate' || await this.#judge(type, senderId, payload, peer);
      if (permitted && this.#peers.get(senderId) === peer) this.#options.deliver(type, senderId, payload);
    });
  }

  /** The participant has left or come anew: what is still being sealed or verified goes nowhere any more. */
  forget(id: string): void {
    this.#peers.delete(id);
  }

  /** Whether the certificate that the connected peer shows is one that was sealed. */
  async confirm(id: string, connection: Pick<RTCPeerConnection, 'getStats'>): Promise<boolean> {
    const peer = this.#peers.get(id);
    if (peer === undefined) return false;
    if (peer.fingerprints === null) return !this.#options.required;
    const inUse = await fingerprintInUse(connection);
    if (inUse !== null && peer.fingerprints.includes(inUse)) return true;
    this.#tell(id, peer, { state: 'refused', reason: 'certificate_in_use' });
    return false;
  }

  async #sealed(type: 'offer' | 'answer', targetId: string, payload: Payload): Promise<Payload> {
    const { credential, room, session, self } = this.#options;
    const signer = await credential.signer();
    const made = signer === null ? null : await seal({ type, room, session, sender: self, target: targetId }, payload, signer, credential.now());
    return made === null ? payload : { ...payload, seal: made };
  }

  async #judge(type: 'offer' | 'answer', senderId: string, payload: Payload, peer: Peer): Promise<boolean> {
    const { credential, room, tenant, self, required } = this.#options;
    if (payload['seal'] === undefined) {
      // Who has shown a proof once is not taken without one again.
      const refused = required || peer.fingerprints !== null;
      this.#tell(senderId, peer, refused ? { state: 'refused', reason: 'unsigned' } : { state: 'unverified' });
      return !refused;
    }

    const verifier = await credential.verifier();
    const outcome = verifier === null ? 'certificate' : await verifySeal(verifier, { type, room, sender: senderId, target: self }, tenant, payload);
    if (typeof outcome === 'string') {
      this.#tell(senderId, peer, { state: 'refused', reason: outcome });
      return false;
    }
    peer.fingerprints = fingerprintsOf(String(payload['sdp']));
    this.#tell(senderId, peer, { state: 'verified', name: outcome.name, organization: outcome.organization, role: outcome.role });
    return true;
  }

  #tell(id: string, peer: Peer, verdict: Verdict): void {
    if (this.#peers.get(id) !== peer) return;
    this.#options.judged(id, verdict);
  }

  #peer(id: string): Peer {
    let peer = this.#peers.get(id);
    if (peer === undefined) {
      peer = { outgoing: new Turns(), incoming: new Turns(), fingerprints: null };
      this.#peers.set(id, peer);
    }
    return peer;
  }
}

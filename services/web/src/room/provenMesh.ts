import type { RelayEnds, SessionIdentity } from '../identity/identity.ts';
import type { Verdict } from '../identity/verifiedRelay.ts';
import { Mesh, type MeshEvents, type Relay } from '../peer/mesh.ts';
import type { RemoteTracks } from '../peer/tracks.ts';
import type { Participant, Payload } from '../signaling/messages.ts';
import { TypedEvents } from '../typedEvents.ts';

export interface ProvenMeshEvents extends MeshEvents {
  verdict: { id: string; verdict: Verdict };
}

/** A mesh behind the proofs of who is at its other ends: of nobody else anything is seen or heard. */
export class ProvenMesh extends TypedEvents<ProvenMeshEvents> {
  readonly mesh: Mesh;
  readonly #relay: ReturnType<SessionIdentity['relay']>;
  /** Of peers whose certificate in use is not confirmed yet. */
  readonly #unconfirmed = new Map<string, RemoteTracks>();
  readonly #confirmed = new Map<string, RemoteTracks>();
  #participants: readonly Participant[] = [];

  constructor(identity: SessionIdentity, send: RelayEnds['send']) {
    super();
    this.#relay = identity.relay({
      send,
      deliver: (type, senderId, payload) => this.mesh.receive(type, senderId, payload),
      judged: (id, verdict) => this.emit('verdict', { id, verdict }),
    });
    this.mesh = new Mesh((type, targetId, payload) => this.#relay.send(type, targetId, payload));
    this.mesh.on('tracks', ({ id, tracks }) => this.#unconfirmed.set(id, tracks));
    this.mesh.on('connected', ({ id, connected }) => {
      if (connected) void this.#confirm(id);
      else this.emit('connected', { id, connected });
    });
    for (const name of ['quality', 'budget', 'cutOff'] as const) this.mesh.on(name, (value) => this.emit(name, value as never));
  }

  receive(...[type, senderId, payload]: [Parameters<Relay>[0], string, Payload]): void {
    this.#relay.receive(type, senderId, payload);
  }

  /** Closes what there is; the participant may connect anew. */
  disconnect(id: string): void {
    this.#relay.forget(id);
    this.#unconfirmed.delete(id);
    this.#confirmed.delete(id);
    this.mesh.disconnect(id);
  }

  /** Whom a moderator has muted with a lock is neither heard nor seen, whatever that participant's own program sends. */
  obeyLocks(participants: readonly Participant[]): void {
    this.#participants = participants;
    for (const { id, audio_locked, video_locked } of participants) {
      const tracks = this.#confirmed.get(id);
      if (tracks === undefined) continue;
      tracks.audio.enabled = tracks.screenSound.enabled = !audio_locked;
      tracks.camera.enabled = !video_locked;
    }
  }

  async #confirm(id: string): Promise<void> {
    const link = this.mesh.links.find(({ remoteId }) => remoteId === id);
    if (link === undefined) return;
    const confirmed = await this.#relay.confirm(id, link.connection);
    if (!this.mesh.links.includes(link)) return;
    if (!confirmed) {
      this.disconnect(id);
      return;
    }
    const tracks = this.#unconfirmed.get(id);
    this.#unconfirmed.delete(id);
    if (tracks !== undefined) {
      this.#confirmed.set(id, tracks);
      this.obeyLocks(this.#participants);
      this.emit('tracks', { id, tracks });
    }
    this.emit('connected', { id, connected: true });
  }
}

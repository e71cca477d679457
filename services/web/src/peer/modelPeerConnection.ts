import { ModelConnection } from './modelConnection.ts';

/** What a link uses of a peer connection beyond its negotiation; no media flows, and whether it is connected is said by the test. */
export class ModelPeerConnection extends ModelConnection {
  /** The one that was made last. */
  static last: ModelPeerConnection | undefined;
  connectionState: RTCPeerConnectionState = 'new';
  onicecandidate: unknown = null;
  onsignalingstatechange: unknown = null;
  onconnectionstatechange: (() => void) | null = null;

  constructor() {
    super('ada', () => Promise.resolve());
    ModelPeerConnection.last = this;
  }

  addTransceiver = (): object => ({ sender: { track: null, getParameters: () => ({ encodings: [] }) }, receiver: { track: { enabled: true }, getSynchronizationSources: () => [] } });
  createDataChannel = (): object => ({ readyState: 'connecting' });
  close = (): void => undefined;

  connect(): void {
    this.connectionState = 'connected';
    this.onconnectionstatechange?.();
  }
}

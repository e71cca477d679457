import type { CallModel } from './callModel.ts';

/** `clearway` in the browser's console: for diagnosis by hand, and for the end-to-end tests. It only tells. */
export function exposeToConsole(call: CallModel): void {
  const clearway = {
    get peers() {
      return call.room.links.map(({ remoteId, connection }) => ({ id: remoteId, pc: connection }));
    },
    get recordedSeconds() {
      return call.recording.recordedSeconds;
    },
    get ownTrackSeconds() {
      return call.ownTrack.recordedSeconds;
    },
    get traceId() {
      return call.telemetry.trace.traceId;
    },
  };
  Object.assign(globalThis, { clearway });
}

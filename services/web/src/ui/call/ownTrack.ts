import { effect, signal } from '@preact/signals';
import type { Recording } from '../../api/rest.ts';
import { TrackRecorder } from '../../recording/trackRecorder.ts';
import { complain } from '../complain.ts';
import { t } from '../i18n/language.ts';
import { toast } from '../toasts.ts';
import { askToStay } from './askToStay.ts';
import type { CallModel } from './callModel.ts';

/**
 * The own microphone and camera as a recording of its own, which is kept with the meeting's. Nobody else is in it, so nobody is asked; whether
 * the meeting has such tracks is its policy, and each is granted by the server.
 */
export class OwnTrack {
  readonly running = signal(false);
  readonly saving = signal(false);
  /** The last that was saved in this call: whoever made it gets a link to it. */
  readonly saved = signal<Recording | null>(null);
  readonly #call: CallModel;
  #asked = false;
  #recorder: TrackRecorder | undefined;
  #follow: (() => void) | undefined;
  #finishing: Promise<void> | undefined;

  constructor(call: CallModel) {
    this.#call = call;
  }

  /** Whether one may, and can. */
  get offered(): boolean {
    return this.#call.rules.policy.value?.own_tracks === true && this.#call.role !== 'observer' && TrackRecorder.supported;
  }

  get recordedSeconds(): number | undefined {
    return this.#recorder?.recordedSeconds;
  }

  listen(): () => void {
    return this.#call.room.on('ownTrackGranted', (recordingId) => void this.#begin(recordingId));
  }

  toggle(): void {
    if (this.#recorder !== undefined) {
      void this.finish();
      return;
    }
    const { audio, camera } = this.#call.local.value;
    if (audio === null && camera === null) {
      toast(t('own.nothing'), 'error');
      return;
    }
    this.#asked = true;
    this.#call.room.control({ command: 'RECORD_OWN_TRACK' });
  }

  /** Ends the track, if one runs, and resolves when it is sealed, or lost. */
  finish(): Promise<void> {
    const recorder = this.#recorder;
    if (recorder !== undefined) {
      this.#recorder = undefined;
      this.#finishing = this.#save(recorder);
    }
    return this.#finishing ?? Promise.resolve();
  }

  async #begin(recordingId: string): Promise<void> {
    if (!this.#asked || this.#recorder !== undefined) return;
    this.#asked = false;
    const recorder = new TrackRecorder({
      recordingId, title: this.#call.title, token: this.#call.token,
      failed: (error) => {
        complain(error, 'recording_interrupted');
        void this.finish();
      },
    });
    this.#recorder = recorder;
    addEventListener('beforeunload', askToStay);
    this.running.value = true;
    try {
      await recorder.start(this.#call.local.value);
      // Stopped before it had begun: it is being saved already.
      if (this.#recorder !== recorder) return;
      toast(t('own.started'));
      this.#follow = effect(() => recorder.update(this.#call.local.value));
    } catch (error) {
      if (this.#recorder !== recorder) return;
      this.#recorder = undefined;
      this.running.value = false;
      removeEventListener('beforeunload', askToStay);
      complain(error, 'recording_unstarted');
    }
  }

  async #save(recorder: TrackRecorder): Promise<void> {
    this.#follow?.();
    this.running.value = false;
    this.saving.value = true;
    try {
      this.saved.value = await recorder.stop();
      toast(t('own.saved'));
    } catch (error) {
      complain(error, 'recording_failed');
    } finally {
      this.saving.value = false;
      removeEventListener('beforeunload', askToStay);
    }
  }
}

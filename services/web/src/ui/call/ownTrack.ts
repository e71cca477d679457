import { signal } from '@preact/signals';
import { canRecordTracks, TrackRecorder } from '../../recording/trackRecorder.ts';
import { t } from '../i18n/language.ts';
import { saveFile } from '../saveFile.ts';
import { toast } from '../toasts.ts';
import type { CallModel } from './callModel.ts';

/** The own microphone and camera, recorded here and saved as a file of one's own: nobody else is in it, so nobody is asked. */
export class OwnTrack {
  readonly running = signal(false);
  readonly supported = canRecordTracks();
  readonly #call: Pick<CallModel, 'local' | 'title' | 'name'>;
  #recorder: TrackRecorder | undefined;

  constructor(call: Pick<CallModel, 'local' | 'title' | 'name'>) {
    this.#call = call;
  }

  toggle(): void {
    if (this.#recorder !== undefined) {
      void this.stop();
      return;
    }
    const { audio, camera } = this.#call.local.value;
    const tracks = [audio, camera].filter((track) => track !== null);
    if (tracks.length === 0) {
      toast(t('own.nothing'), 'error');
      return;
    }
    this.#recorder = new TrackRecorder(tracks);
    this.running.value = true;
    toast(t('own.started'));
  }

  /** Ends the recording and hands the file to the browser's downloads. */
  async stop(): Promise<void> {
    const recorder = this.#recorder;
    if (recorder === undefined) return;
    this.#recorder = undefined;
    this.running.value = false;
    saveFile(await recorder.stop(), `${this.#call.title || t('lobby.untitled')} - ${this.#call.name}.webm`);
    toast(t('own.saved'));
  }
}

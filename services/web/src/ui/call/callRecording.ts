import { computed, effect, signal } from '@preact/signals';
import { rest } from '../../api/rest.ts';
import { RoomRecorder, type RecordedScene } from '../../recording/roomRecorder.ts';
import type { ComposedTile } from '../../recording/videoComposer.ts';
import type { RunningRecording } from '../../signaling/messages.ts';
import { complain } from '../complain.ts';
import { errorText, t } from '../i18n/language.ts';
import { faceOf } from '../parts/avatarFace.ts';
import { toast } from '../toasts.ts';
import { askToStay } from './askToStay.ts';
import type { CallModel } from './callModel.ts';
import { screenId } from './leading.ts';
import { SpeechReports } from './speechReports.ts';

export type Consent = 'asked' | 'granted' | 'refused';

/** Everybody is in the recording, also who is not in sight here. */
const recordedLines = 360;

/** The recording as everyone sees it, and the recorder when it runs in this browser. */
export class CallRecording {
  readonly running = signal<RunningRecording | null>(null);
  readonly saving = signal(false);
  /** What one said to being recorded; null while there is nothing to say, as for who records. */
  readonly consent = signal<Consent | null>(null);
  readonly isOwn = computed(() => this.running.value?.by === this.#call.id.value);
  readonly #call: CallModel;
  #recorder: RoomRecorder | undefined;
  #speech: SpeechReports | undefined;
  #follow: (() => void) | undefined;
  #finishing: Promise<void> | undefined;

  constructor(call: CallModel) {
    this.#call = call;
  }

  get recordedSeconds(): number | undefined {
    return this.#recorder?.recordedSeconds;
  }

  listen(): () => void {
    return this.#call.room.on('recording', (recording) => {
      if (recording === null && this.running.value !== null) toast(t('call.recordingEnded'));
      this.running.value = recording;
      this.consent.value = recording === null || this.isOwn.value ? null : 'asked';
      if (recording === null) void this.finish();
      else if (recording.by === this.#call.id.value) void this.#begin(recording);
    });
  }

  /** Who records; empty when that is nobody in the room. */
  get recorderName(): string {
    return this.#call.participants.value.find(({ id }) => id === this.running.value?.by)?.name ?? '';
  }

  /** Whoever does not agree is neither heard nor seen as long as the recording runs, and is asked again before that changes. */
  answer(granted: boolean): void {
    const recording = this.running.value;
    this.consent.value = recording === null ? null : granted ? 'granted' : 'refused';
    if (recording === null) return;
    if (!granted) {
      void this.#call.media.setMicrophone(false);
      void this.#call.media.setCamera(false);
      this.#call.media.stopSharing();
      toast(t('consent.refused'));
    }
    void this.#tell(recording.recording_id, granted);
  }

  /** True when one has refused to be recorded: then it is asked again instead of opening microphone, camera or screen. */
  asksFirst(): boolean {
    if (this.consent.value !== 'refused') return false;
    this.consent.value = 'asked';
    return true;
  }

  toggle(): void {
    if (this.running.value !== null) {
      this.#call.room.control({ command: 'STOP_RECORD' });
    } else if (RoomRecorder.supported) {
      this.#call.dialog.value = 'record';
    } else {
      toast(errorText('recording_unsupported'), 'error');
    }
  }

  start(): void {
    this.#call.room.control({ command: 'START_RECORD' });
  }

  async #tell(recordingId: string, granted: boolean): Promise<void> {
    try {
      await rest.consent(recordingId, granted, await this.#call.token());
    } catch {
      toast(t('consent.untold'), 'error');
    }
  }

  async #begin(recording: RunningRecording): Promise<void> {
    if (this.#recorder !== undefined) return;
    const recorder = new RoomRecorder({
      recordingId: recording.recording_id, title: this.#call.title, token: this.#call.token,
      failed: (error) => {
        complain(error, 'recording_interrupted');
        this.#call.room.control({ command: 'STOP_RECORD' });
        void this.finish();
      },
    });
    this.#recorder = recorder;
    addEventListener('beforeunload', askToStay);
    this.#call.room.showAtLeast(recordedLines);
    try {
      await recorder.start(this.#scene());
      // Stopped before it had begun: it is being saved already.
      if (this.#recorder !== recorder) return;
      this.#speech = new SpeechReports(this.#call, recording.recording_id);
      void this.#tell(recording.recording_id, true);
      this.#follow = effect(() => recorder.update(this.#scene()));
    } catch (error) {
      if (this.#recorder !== recorder) return;
      this.#recorder = undefined;
      this.#call.room.showAtLeast(0);
      removeEventListener('beforeunload', askToStay);
      this.#call.room.control({ command: 'STOP_RECORD' });
      complain(error, 'recording_unstarted');
    }
  }

  /** Stops the recorder of this browser, if it runs, and resolves when the recording is sealed and announced, or lost. */
  finish(): Promise<void> {
    const recorder = this.#recorder;
    if (recorder !== undefined) {
      this.#recorder = undefined;
      this.#finishing = this.#save(recorder);
    }
    return this.#finishing ?? Promise.resolve();
  }

  async #save(recorder: RoomRecorder): Promise<void> {
    this.#follow?.();
    this.#call.room.showAtLeast(0);
    this.saving.value = true;
    try {
      await this.#speech?.finish();
      const sealed = await recorder.stop();
      if (sealed.system_data !== undefined && sealed.security !== undefined) this.#call.room.saySystem(sealed.system_data, sealed.security);
    } catch (error) {
      complain(error, 'recording_failed');
    } finally {
      this.saving.value = false;
      removeEventListener('beforeunload', askToStay);
    }
  }

  #scene(): RecordedScene {
    const { local, remote, participants, name, id } = this.#call;
    const own = local.value;
    const tiles: ComposedTile[] = [{ id: id.value, name, face: faceOf(name), track: own.camera, whole: false }];
    if (own.screen !== null) tiles.unshift({ id: screenId(id.value), name: t('call.screenOf', { name }), track: own.screen, whole: true });
    const sounds = [own.audio, own.screenSound].filter((track) => track !== null);

    for (const participant of participants.value) {
      const tracks = remote.value.get(participant.id);
      tiles.push({ id: participant.id, name: participant.name, face: faceOf(participant.name), track: participant.video ? tracks?.camera ?? null : null, whole: false });
      if (tracks === undefined) continue;
      sounds.push(tracks.audio, ...(participant.screen ? [tracks.screenSound] : []));
      if (participant.screen) {
        tiles.unshift({ id: screenId(participant.id), name: t('call.screenOf', { name: participant.name }), track: tracks.screen, whole: true });
      }
    }
    return { tiles, sounds };
  }
}

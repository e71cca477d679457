import type { LocalMedia } from './localMedia.ts';
import type { MediaRefusal } from './mediaError.ts';

/** The last syllable is still on its way when the key is let go. */
const tailMs = 200;

/** Opens a muted microphone for as long as something is held down. One that is open anyway is left alone. */
export class PushToTalk {
  readonly #media: Pick<LocalMedia, 'microphoneOn' | 'setMicrophone'>;
  /** Whether one may speak at all just now. */
  readonly #allowed: () => boolean;
  /** Told why the microphone could not be opened. */
  readonly #refused: (why: MediaRefusal) => void;
  #isHeld = false;
  #opened = false;
  #tail: ReturnType<typeof setTimeout> | undefined;

  constructor(media: Pick<LocalMedia, 'microphoneOn' | 'setMicrophone'>, allowed: () => boolean, refused: (why: MediaRefusal) => void = () => undefined) {
    this.#media = media;
    this.#allowed = allowed;
    this.#refused = refused;
  }

  /** Pressing again while it is held, as a keyboard's repetition does, changes nothing. */
  press(): void {
    clearTimeout(this.#tail);
    if (this.#isHeld || !this.#allowed()) return;
    this.#isHeld = true;
    if (this.#media.microphoneOn) return;
    this.#opened = true;
    void this.#media.setMicrophone(true).then((why) => {
      if (why !== null) this.#refused(why);
      // Opening may take a while: whoever has let go meanwhile must not be heard.
      if (!this.#isHeld && !this.#opened) void this.#media.setMicrophone(false);
    });
  }

  /** Also to be called when the window loses the keyboard: the key's release would never be told. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    clearTimeout(this.#tail);
    this.#tail = setTimeout(() => this.#close(), tailMs);
  }

  close(): void {
    clearTimeout(this.#tail);
    this.#isHeld = false;
    this.#close();
  }

  #close(): void {
    if (!this.#opened) return;
    this.#opened = false;
    void this.#media.setMicrophone(false);
  }
}

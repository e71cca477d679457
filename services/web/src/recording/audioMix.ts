/** Mixes any number of microphones into one track; sources come and go while it runs. */
export class AudioMix {
  readonly #context = new AudioContext();
  readonly #destination = this.#context.createMediaStreamDestination();
  readonly #sources = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();

  get track(): MediaStreamTrack {
    const track = this.#destination.stream.getAudioTracks()[0];
    if (track === undefined) throw new Error('a stream destination has one audio track');
    return track;
  }

  async start(): Promise<void> {
    await this.#context.resume();
  }

  setSources(tracks: Iterable<MediaStreamTrack>): void {
    const wanted = new Set(tracks);
    for (const [track, source] of this.#sources) {
      if (wanted.has(track)) continue;
      source.disconnect();
      this.#sources.delete(track);
    }
    for (const track of wanted) {
      if (this.#sources.has(track) || track.readyState === 'ended') continue;
      const source = this.#context.createMediaStreamSource(new MediaStream([track]));
      source.connect(this.#destination);
      this.#sources.set(track, source);
    }
  }

  close(): void {
    this.setSources([]);
    void this.#context.close();
  }
}

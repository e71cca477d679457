import { describe, expect, it } from 'vitest';
import { limitSender } from './senderLimit.ts';
import type { TrackKind } from './tracks.ts';

/** A sender of a camera of 720 lines that takes whatever it is told; `tellsPreference` as browsers differ in it. */
class ModelSender {
  readonly told: RTCRtpSendParameters[] = [];
  readonly track = { getSettings: () => ({ width: 1280, height: 720 }) };
  #parameters = { encodings: [{}], transactionId: '', codecs: [], headerExtensions: [], rtcp: {} } as RTCRtpSendParameters;

  readonly #tellsPreference: boolean;

  constructor(tellsPreference = true) {
    this.#tellsPreference = tellsPreference;
  }

  getParameters(): RTCRtpSendParameters {
    const { degradationPreference, ...parameters } = structuredClone(this.#parameters);
    return this.#tellsPreference && degradationPreference !== undefined ? { ...parameters, degradationPreference } : parameters;
  }

  setParameters(parameters: RTCRtpSendParameters): Promise<void> {
    this.#parameters = structuredClone(parameters);
    this.told.push(this.#parameters);
    return Promise.resolve();
  }
}

const budget = { active: true, maxBitrate: 1_000_000, lines: 360 };

async function limited(sender: ModelSender, kind: TrackKind, starting?: boolean): Promise<RTCRtpSendParameters | undefined> {
  await limitSender(sender as unknown as RTCRtpSender, kind, budget, starting);
  return sender.told.at(-1);
}

describe('a limited sender', () => {
  it('shrinks a camera to its lines, and sends no more than it may', async () => {
    expect((await limited(new ModelSender(), 'camera'))?.encodings).toEqual([{ active: true, maxBitrate: 1_000_000, scaleResolutionDownBy: 2 }]);
  });

  it.each([
    ['camera', true, 'maintain-resolution'],
    ['camera', false, 'maintain-framerate'],
    ['screen', false, 'maintain-resolution'],
    ['audio', true, undefined],
  ] as const)('of a %s, starting: %s, prefers %s', async (kind, starting, preference) => {
    expect((await limited(new ModelSender(), kind, starting))?.degradationPreference).toBe(preference);
  });

  it('is told once, and again when it has started', async () => {
    const sender = new ModelSender();
    await limited(sender, 'camera', true);
    await limited(sender, 'camera', true);
    await limited(sender, 'camera');
    await limited(sender, 'camera');
    expect(sender.told.map((one) => one.degradationPreference)).toEqual(['maintain-resolution', 'maintain-framerate']);
  });

  it('is told once where the browser does not tell what is preferred', async () => {
    const sender = new ModelSender(false);
    await limited(sender, 'screen');
    await limited(sender, 'screen');
    expect(sender.told).toHaveLength(1);
  });
});

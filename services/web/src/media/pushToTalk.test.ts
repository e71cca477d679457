import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaRefusal } from './mediaError.ts';
import { PushToTalk } from './pushToTalk.ts';

describe('push to talk', () => {
  let microphoneOn: boolean;
  let allowed: boolean;
  let opening: Promise<void>;
  let refusal: MediaRefusal | null;
  let told: MediaRefusal[];
  let talk: PushToTalk;

  beforeEach(() => {
    vi.useFakeTimers();
    microphoneOn = false;
    allowed = true;
    opening = Promise.resolve();
    refusal = null;
    told = [];
    const media = {
      get microphoneOn() {
        return microphoneOn;
      },
      setMicrophone: async (on: boolean) => {
        if (on) await opening;
        if (on && refusal !== null) return refusal;
        microphoneOn = on;
        return null;
      },
    };
    talk = new PushToTalk(media, () => allowed, (why) => told.push(why));
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

  it('opens the microphone while held, and a moment longer', async () => {
    talk.press();
    talk.press();
    await pass(0);
    expect(microphoneOn).toBe(true);
    talk.release();
    await pass(100);
    expect(microphoneOn).toBe(true);
    await pass(200);
    expect(microphoneOn).toBe(false);
  });

  it('tells why the microphone does not open', async () => {
    refusal = 'blocked';
    talk.press();
    await pass(0);
    talk.release();
    await pass(300);
    expect([microphoneOn, told]).toEqual([false, ['blocked']]);
  });

  it('goes on when pressed again in that moment', async () => {
    talk.press();
    await pass(0);
    talk.release();
    await pass(100);
    talk.press();
    await pass(5_000);
    expect(microphoneOn).toBe(true);
  });

  it('closes nothing that it has not opened', async () => {
    microphoneOn = true;
    talk.press();
    talk.release();
    await pass(1_000);
    expect(microphoneOn).toBe(true);
  });

  it('does nothing for whom a moderator has muted', async () => {
    allowed = false;
    talk.press();
    await pass(1_000);
    expect(microphoneOn).toBe(false);
  });

  it('does not open after it was let go', async () => {
    let open: () => void = () => undefined;
    opening = new Promise((done) => (open = done));
    talk.press();
    talk.release();
    await pass(1_000);
    open();
    await pass(0);
    expect(microphoneOn).toBe(false);
  });

  it('ends with the call', async () => {
    talk.press();
    await pass(0);
    talk.close();
    await pass(0);
    expect(microphoneOn).toBe(false);
  });
});

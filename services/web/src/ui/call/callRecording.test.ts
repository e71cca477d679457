import { signal } from '@preact/signals';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningRecording } from '../../signaling/messages.ts';
import type { CallModel } from './callModel.ts';

// The module reads the language of the browser and the page it is in.
beforeAll(() => {
  vi.stubGlobal('localStorage', { getItem: () => 'en', setItem: () => undefined });
  vi.stubGlobal('document', { documentElement: { dataset: {} } });
  vi.stubGlobal('addEventListener', () => undefined);
});

describe('a recording', () => {
  let tell: (recording: RunningRecording | null) => void;
  let shown: () => string[];

  beforeEach(async () => {
    const { CallRecording } = await import('./callRecording.ts');
    const { toasts } = await import('../toasts.ts');
    toasts.value = [];
    shown = () => toasts.value.map(({ text }) => text);
    const room = { on: (_: 'recording', listener: typeof tell) => { tell = listener; } };
    new CallRecording({ room, id: signal('p-me') } as unknown as CallModel).listen();
  });

  it('is told to be over when it ends', () => {
    tell({ recording_id: 'r-1', by: 'p-ada' } as RunningRecording);
    expect(shown()).toEqual([]);
    tell(null);
    expect(shown()).toEqual(['The recording has ended']);
  });

  it('that never ran ends without a word', () => {
    tell(null);
    expect(shown()).toEqual([]);
  });
});

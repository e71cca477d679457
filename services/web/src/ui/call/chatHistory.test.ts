import { beforeAll, expect, test, vi } from 'vitest';
import type { CallModel } from './callModel.ts';
import type { ChatHistory } from './chatHistory.ts';

let history: ChatHistory;

beforeAll(async () => {
  // What it complains by reads the language that was chosen, and sets that of the page.
  vi.stubGlobal('localStorage', { getItem: () => 'en', setItem: () => undefined });
  vi.stubGlobal('document', { documentElement: {} });
  vi.stubGlobal('addEventListener', () => undefined);
  const { ChatHistory } = await import('./chatHistory.ts');
  history = new ChatHistory({ chat: { received: () => undefined } } as unknown as CallModel);
});

test('the earliest page tells whether there are lines before it, however many it has and whatever comes again', () => {
  expect(history.hasEarlier.value).toBe(false);
  history.received({ messages: [], next_before: 51 });
  expect(history.hasEarlier.value).toBe(true);
  history.received({ messages: [], next_before: 0 });
  history.received({ messages: [], next_before: 60 });
  expect(history.hasEarlier.value).toBe(false);
});

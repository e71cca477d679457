import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OutgoingLines } from './outgoingLines.ts';

describe('outgoing lines', () => {
  let said: string[];
  let outgoing: OutgoingLines;
  const states = (): string[] => outgoing.lines.value.map(({ text, state }) => `${text} ${state}`);
  const idOf = (text: string): string => outgoing.lines.value.find((line) => line.text === text)?.clientId ?? '';

  beforeEach(() => {
    vi.useFakeTimers();
    said = [];
    outgoing = new OutgoingLines(({ text }) => said.push(text));
  });
  afterEach(() => void vi.useRealTimers());

  it('go when they are acknowledged', () => {
    outgoing.add('a');
    outgoing.add('b');
    outgoing.acknowledged(idOf('a'));
    expect(states()).toEqual(['b sending']);
  });

  it('are said again after the wait that the gateway asks for', async () => {
    outgoing.add('a');
    outgoing.add('b');
    outgoing.acknowledged(idOf('a'));
    outgoing.refused({ type: 'error', code: 'chat_rate', message: '', retry_after_ms: 120 });
    expect(states()).toEqual(['b waiting']);
    await vi.advanceTimersByTimeAsync(200);
    expect(said).toEqual(['a', 'b', 'b']);
    expect(states()).toEqual(['b sending']);
  });

  it('are shown as failed when refused, or when nothing comes back, and can be sent again', async () => {
    outgoing.add('a');
    outgoing.refused({ type: 'error', code: 'unavailable', message: '' });
    outgoing.add('b');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(states()).toEqual(['a failed', 'b failed']);
    outgoing.send(idOf('a'));
    expect(states()).toEqual(['a sending', 'b failed']);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorMessage } from '../../signaling/messages.ts';
import { OutgoingLines } from './outgoingLines.ts';

describe('outgoing lines', () => {
  let said: string[];
  let outgoing: OutgoingLines;
  const tooSoon: ErrorMessage = { type: 'error', code: 'chat_rate', message: '', ref: 'chat_edit', retry_after_ms: 120 };
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
    outgoing.refused({ type: 'error', code: 'chat_rate', message: '', ref: 'chat', retry_after_ms: 120 });
    expect(states()).toEqual(['b waiting']);
    await vi.advanceTimersByTimeAsync(200);
    expect(said).toEqual(['a', 'b', 'b']);
    expect(states()).toEqual(['b sending']);
  });

  it('are shown as failed when refused, and can be sent again', () => {
    outgoing.add('a');
    outgoing.refused({ type: 'error', code: 'unavailable', message: '', ref: 'chat' });
    outgoing.add('b');
    expect(states()).toEqual(['a failed', 'b sending']);
    outgoing.send(idOf('a'));
    expect(states()).toEqual(['a sending', 'b sending']);
  });

  it('are late while nothing comes back, for they still go, and can be refused then', async () => {
    outgoing.add('a');
    outgoing.add('b');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(states()).toEqual(['a late', 'b late']);
    expect(said).toEqual(['a', 'b']);
    outgoing.acknowledged(idOf('a'));
    outgoing.refused({ type: 'error', code: 'unavailable', message: '', ref: 'chat' });
    expect(states()).toEqual(['b failed']);
  });

  it('have failed when another session does not acknowledge them either', async () => {
    outgoing.add('lost');
    await vi.advanceTimersByTimeAsync(11_000);
    outgoing.add('queued');
    outgoing.begunAnew();
    expect(states()).toEqual(['lost sending', 'queued sending']);
    outgoing.acknowledged(idOf('queued'));
    await vi.advanceTimersByTimeAsync(11_000);
    expect(states()).toEqual(['lost failed']);
  });

  it('are edits as well: said again when too soon, and apart from lines', async () => {
    outgoing.add('line');
    outgoing.edit('m-1', 'new');
    expect(outgoing.refused(tooSoon)).toBe(true);
    expect(states()).toEqual(['line sending', 'new waiting']);
    await vi.advanceTimersByTimeAsync(200);
    expect(said).toEqual(['line', 'new', 'new']);
    outgoing.changed('m-1');
    expect(states()).toEqual(['line sending']);
  });

  it('do not undo a later edit of the same message', async () => {
    outgoing.edit('m-1', 'first');
    outgoing.refused(tooSoon);
    outgoing.edit('m-1', 'second');
    outgoing.edit('m-1', 'third');
    outgoing.refused(tooSoon);
    outgoing.changed('m-1');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(said).toEqual(['first', 'second', 'third']);
    expect(states()).toEqual([]);
  });

  it('that edit what is gone are given up', () => {
    outgoing.edit('m-1', 'new');
    expect(outgoing.refused({ type: 'error', code: 'message_unknown', message: '', ref: 'chat_edit' })).toBe(false);
    expect(states()).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatMessage, SystemMessage } from '../signaling/messages.ts';
import { countUnread, mergeMessages } from './chatLog.ts';
import { Completion, ghostOf } from './completion.ts';
import { filePath, recordingCard } from './recordingCard.ts';

const line = (id: string, sent_at: number, sender_id = 'p-ada'): ChatMessage => ({ id, sent_at, sender_id, sender_name: 'Ada', text: id, html: id });

describe('chat log', () => {
  it('has each message once and in order, however it came', () => {
    const live = mergeMessages([line('b', 2)], [line('c', 3)]);
    const merged = mergeMessages(live, [{ ...line('a', 1), sequence: 1 }, { ...line('b', 2), sequence: 2 }]);
    expect(merged.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(merged[1]).toMatchObject({ sequence: 2 });
  });

  it('counts what others wrote since one looked', () => {
    expect(countUnread([line('a', 1), line('b', 2, 'p-me'), line('c', 3)], 1, 'p-me')).toBe(1);
  });
});

describe('recording card', () => {
  const golden = JSON.parse(readFileSync(new URL('../../../../tests/wire/server.chat_broadcast-system.json', import.meta.url), 'utf8')) as SystemMessage;
  const withLink = (link: unknown): SystemMessage => ({ ...golden, system: { ...golden.system, link } });

  it('leads to the player and to the file', () => {
    expect(recordingCard(golden)).toEqual({
      recordingId: '01k5pzbg0a7v3qd9xw4tz2m8nc',
      title: 'Weekly',
      sizeBytes: 1_048_576,
      durationMs: 61_000,
      playPath: '/recordings/01k5pzbg0a7v3qd9xw4tz2m8nc#expires=1790604861000&signature=00ff',
      downloadPath: '/api/v1/records/01k5pzbg0a7v3qd9xw4tz2m8nc/file?expires=1790604861000&signature=00ff&download=1',
    });
  });

  it.each([null, 1, '', 'javascript:alert(1)', 'https://elsewhere.example/x?expires=1'])('is none for the link %s', (link) => {
    expect(recordingCard(withLink(link))).toBeNull();
  });

  it('never follows a link to another place', () => {
    expect(recordingCard(withLink('https://elsewhere.example/?expires=1&signature=2'))?.downloadPath).toMatch(/^\/api\/v1\/records\//);
  });

  it.each(['../../etc/passwd', '01K5PZBG0A7V3QD9XW4TZ2M8NC', '01k5pzbg0a7v3qd9xw4tz2m8n', '01k5pzbg0a7v3qd9xw4tz2m8ni'])('has no file for the id %s', (id) => {
    expect(filePath(id, 'expires=1&signature=2')).toBeNull();
  });
});

describe('ghost text', () => {
  it.each([
    ['при', 'привет', 'вет'],
    ['Ну, При', 'Ну, привет', 'вет'],
    ['thank ', 'thank you', 'you'],
    ['привет', 'привет', ''],
    ['hello ', 'hello', ''],
    ['xyz', 'привет', ''],
    ['при', null, ''],
  ])('of "%s" with %s is "%s"', (typed, completed, ghost) => {
    expect(ghostOf(typed, completed)).toBe(ghost);
  });
});

describe('completion', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const found = (suggestion: string | null, replaced = 3) => ({ suggestion, suggestions: [], is_found: suggestion !== null, replaced });

  it('asks once when the typing pauses', async () => {
    const ask = vi.fn(() => Promise.resolve(found('привет')));
    const shown: string[] = [];
    const completion = new Completion({ ask, show: (ghost) => shown.push(ghost) });
    for (const text of ['п', 'пр', 'при']) completion.typed(text);
    await vi.advanceTimersByTimeAsync(100);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(shown.at(-1)).toBe('вет');
  });

  it('drops an answer to what is no longer there', async () => {
    let answer: (value: ReturnType<typeof found>) => void = () => undefined;
    const signals: AbortSignal[] = [];
    const shown: string[] = [];
    const completion = new Completion({
      ask: (_prefix, signal) => new Promise((resolve) => { signals.push(signal); answer = resolve; }),
      show: (ghost) => shown.push(ghost),
    });
    completion.typed('при');
    await vi.advanceTimersByTimeAsync(100);
    completion.typed('при вет ');
    answer(found('привет'));
    await vi.advanceTimersByTimeAsync(100);
    expect(signals[0]?.aborted).toBe(true);
    expect(shown.at(-1)).toBe('');
  });

  it('keeps the suggestion while the typing agrees with it', async () => {
    const shown: string[] = [];
    const completion = new Completion({ ask: () => Promise.resolve(found('привет')), show: (ghost) => shown.push(ghost) });
    completion.typed('при');
    await vi.advanceTimersByTimeAsync(100);
    completion.typed('прив');
    expect(shown.at(-1)).toBe('ет');
  });

  it('offers nothing behind an empty line', async () => {
    const shown: string[] = [];
    const completion = new Completion({ ask: () => Promise.resolve(found('привет')), show: (ghost) => shown.push(ghost) });
    completion.typed('при');
    await vi.advanceTimersByTimeAsync(100);
    completion.typed('');
    expect(shown.at(-1)).toBe('');
  });

  it.each([
    ['да, ghbdtn', 'привет', 6, ' → привет', 'да, привет'],
    ['teh', 'the', 3, ' → the', 'the'],
    ['4663', 'good', 4, ' → good', 'good'],
    ['thank ', 'you', 0, 'you', 'thank you'],
  ])('offers for "%s" the word "%s" in the place of %i letters', async (line, word, replaced, ghost, completed) => {
    const show = vi.fn();
    const completion = new Completion({ ask: () => Promise.resolve(found(word, replaced)), show });
    completion.typed(line);
    await vi.advanceTimersByTimeAsync(100);
    expect(show).toHaveBeenLastCalledWith(ghost, completed);
  });

  it.each(['in 42', 'at 19:30', 'hello, ', 'ok!', ''])('does not ask about "%s"', async (line) => {
    const ask = vi.fn(() => Promise.resolve(found('привет')));
    new Completion({ ask, show: () => undefined }).typed(line);
    await vi.advanceTimersByTimeAsync(100);
    expect(ask).not.toHaveBeenCalled();
  });

  it('stays silent when nothing answers', async () => {
    const shown: string[] = [];
    const completion = new Completion({ ask: () => Promise.reject(new Error('offline')), show: (ghost) => shown.push(ghost) });
    completion.typed('при');
    await vi.advanceTimersByTimeAsync(100);
    expect(shown).toEqual(['']);
  });
});

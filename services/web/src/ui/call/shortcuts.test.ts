import { beforeAll, describe, expect, it, vi } from 'vitest';

// The module reads what is kept of earlier visits, and the page it is in.
beforeAll(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
  vi.stubGlobal('document', { documentElement: { dataset: {} }, fullscreenEnabled: false });
});
const load = () => import('./shortcuts.ts');
const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false };

describe('a keystroke', () => {
  it.each([
    ['KeyM', {}, 'microphone'],
    ['Slash', { shiftKey: true }, 'help'],
    ['Slash', {}, null],
    ['KeyC', { ctrlKey: true }, null],
    ['KeyC', { metaKey: true }, null],
    ['KeyM', { repeat: true }, null],
    ['KeyM', { shiftKey: true }, null],
    ['KeyQ', {}, null],
  ])('%s with %j is %s', async (code, held, shortcut) => {
    expect((await load()).shortcutOf({ ...plain, code, ...held })).toBe(shortcut);
  });

  it('is of one shortcut only', async () => {
    const { shortcuts } = await load();
    expect(new Set(shortcuts.map(({ code }) => code)).size).toBe(shortcuts.length);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { playWhenAllowed } from './playWhenAllowed.ts';

const page = new EventTarget();
vi.stubGlobal('addEventListener', page.addEventListener.bind(page));

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const soundRefused = (...names: string[]) => {
  const play = vi.fn<() => Promise<void>>().mockResolvedValue(undefined);
  for (const name of names) play.mockImplementationOnce(() => Promise.reject(new DOMException('', name)));
  return { play, element: { play } as unknown as HTMLMediaElement };
};

describe('sound', () => {
  it('that the browser holds back plays with the first gesture that lets it, and not again', async () => {
    const { play, element } = soundRefused('NotAllowedError', 'NotAllowedError');
    playWhenAllowed(element);
    for (const gesture of ['keydown', 'pointerdown', 'keydown', 'pointerdown']) {
      await settled();
      page.dispatchEvent(new Event(gesture));
    }
    expect(play).toHaveBeenCalledTimes(3);
  });

  it('of whoever has left waits for no gesture', async () => {
    const { play, element } = soundRefused('NotAllowedError');
    playWhenAllowed(element)();
    await settled();
    page.dispatchEvent(new Event('keydown'));
    expect(play).toHaveBeenCalledTimes(1);
  });

  it('whose place another track has taken waits for no gesture', async () => {
    const { play, element } = soundRefused('AbortError');
    playWhenAllowed(element);
    await settled();
    page.dispatchEvent(new Event('pointerdown'));
    expect(play).toHaveBeenCalledTimes(1);
  });
});

import { describe, expect, it } from 'vitest';
import { leadingOf, screenId, speakerAfter, type StageState } from './leading.ts';

const screen = screenId('p-grace');
const stage: StageState = {
  view: 'auto', pinned: null, focused: null, screens: [], speaker: 'p-edsger', present: new Set(['p-ada', 'p-grace', 'p-edsger', screen]),
};

describe('what is shown large', () => {
  it.each<[string, Partial<StageState>, string | null]>([
    ['nothing by itself', {}, null],
    ['who speaks, where one asked for it', { view: 'speaker' }, 'p-edsger'],
    ['a shared screen', { screens: [screen] }, screen],
    ['a shared screen before who speaks', { screens: [screen], view: 'speaker' }, screen],
    ['no screen in a grid', { screens: [screen], view: 'grid' }, null],
    ['whom a moderator shows', { focused: 'p-grace' }, 'p-grace'],
    ['whom a moderator shows, in a grid as well', { focused: 'p-grace', view: 'grid' }, 'p-grace'],
    ['what is pinned before everything', { pinned: 'p-ada', focused: 'p-grace', screens: [screen] }, 'p-ada'],
    ['the next wish when the pinned one is gone', { pinned: 'p-gone', focused: 'p-grace' }, 'p-grace'],
    ['a grid when who spoke has left', { view: 'speaker', speaker: 'p-gone' }, null],
  ])('is %s', (_what, wishes, leading) => {
    expect(leadingOf({ ...stage, ...wishes })).toBe(leading);
  });
});

describe('who speaks', () => {
  it.each([
    ['comes on stage', null, ['ada'], 'ada'],
    ['stays there while still speaking', 'ada', ['grace', 'ada'], 'ada'],
    ['stays there while nobody speaks', 'ada', [], 'ada'],
    ['gives way to who speaks on alone', 'ada', ['grace'], 'grace'],
    ['is never oneself', 'ada', ['me'], 'ada'],
    ['is another beside oneself', null, ['me', 'ada'], 'ada'],
  ])('%s', (_, speaker, speaking, expected) => {
    expect(speakerAfter(speaker, new Set(speaking), 'me')).toBe(expected);
  });
});

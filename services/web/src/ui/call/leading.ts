import type { View } from '../preferences.ts';

/** What can be shown large: a participant's tile by their id, a shared screen by `screenId`. */
export interface StageState {
  view: View;
  /** What one has pinned for oneself. */
  pinned: string | null;
  /** Whom a moderator shows to everybody. */
  focused: string | null;
  /** Shared screens, the newest last. */
  screens: readonly string[];
  /** Who spoke last, oneself not counted. */
  speaker: string | null;
  /** All that is on the stage. */
  present: ReadonlySet<string>;
}

export function screenId(participantId: string): string {
  return `${participantId}/screen`;
}

export function isScreen(id: string): boolean {
  return id.endsWith('/screen');
}

/**
 * What is shown large, or null for a grid of equals. The own pin comes before everything, then what concerns everybody (a shared screen, whom a
 * moderator shows), then who speaks. A grid that one asked for gives way to a pin and to a moderator only.
 */
export function leadingOf({ view, pinned, focused, screens, speaker, present }: StageState): string | null {
  const wishes = [
    pinned,
    view === 'grid' ? null : screens.at(-1) ?? null,
    focused,
    view === 'speaker' ? speaker : null,
  ];
  return wishes.find((id) => id !== null && present.has(id)) ?? null;
}

/** Who is on stage once these speak: whoever is there stays there while still speaking or while nobody does, and oneself never comes there. */
export function speakerAfter(speaker: string | null, speaking: ReadonlySet<string>, self: string): string | null {
  if (speaker !== null && speaking.has(speaker)) return speaker;
  return [...speaking].find((one) => one !== self) ?? speaker;
}

import type { JSX } from 'preact';

/** The first letters of a name on one of six colours, the same for the same name everywhere. */
export function Avatar({ name }: { name: string }): JSX.Element {
  return <span class={`avatar avatar-${hueOf(name)}`} aria-hidden="true">{initials(name)}</span>;
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '').slice(0, 2);
  return words.map((word) => String.fromCodePoint(word.codePointAt(0) ?? 0x3f).toLocaleUpperCase()).join('') || '?';
}

function hueOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % 6;
}

/** White ink reads on each of them (WCAG 2.2, 4.5 to 1). */
const colours = ['#2f6f9f', '#7a57a8', '#0f766a', '#a4572b', '#9c3d63', '#5b6b2f'] as const;

/** What stands for somebody without a picture; the same for the same name everywhere. */
export interface AvatarFace {
  initials: string;
  colour: string;
}

/** The first letters of a name, on one of six colours. */
export function faceOf(name: string): AvatarFace {
  return { initials: initialsOf(name), colour: colourOf(name) };
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '').slice(0, 2);
  return words.map((word) => String.fromCodePoint(word.codePointAt(0) ?? 0x3f).toLocaleUpperCase()).join('') || '?';
}

function colourOf(name: string): string {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return colours[hash % colours.length] ?? colours[0];
}

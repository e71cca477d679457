import type { JSX } from 'preact';
import { faceOf } from './avatarFace.ts';

/** The first letters of a name on a colour. */
export function Avatar({ name }: { name: string }): JSX.Element {
  const { initials, colour } = faceOf(name);
  return <span class="avatar" style={{ background: colour }} aria-hidden="true">{initials}</span>;
}

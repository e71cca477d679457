/** What people count as characters: a flag or a family is one, as the gateway counts them. */
export function countTextElements(text: string): number {
  let count = 0;
  for (const _ of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) count++;
  return count;
}

// Counts which words follow which in lines of text, lower case and ё as е.

/** The place before a sentence's first word, as the first of a pair. */
export const SENTENCE_START = '^';

const WORDS = {
  ru: /[а-я]+(?:-[а-я]+)*/g,
  en: /[a-z]+(?:['-][a-z]+)*/g,
};
/** What keeps two words from being a pair; a comma does not. */
const SENTENCE_END = /[.!?…;:()"«»“”—]+|--+/;

/** @param {string} language `ru` or `en`
 *  @param {string[]} lines of any length
 *  @returns {Map<string, Map<string, number>>} for each word, and the start of a sentence, how often each other follows it */
export function countPairs(language, lines) {
  const pairs = new Map();
  for (const sentence of lines.flatMap((line) => line.split(SENTENCE_END))) {
    let before = SENTENCE_START;
    for (const [word] of sentence.toLowerCase().replaceAll('’', "'").replaceAll('ё', 'е').matchAll(WORDS[language])) {
      const followers = pairs.get(before) ?? pairs.set(before, new Map()).get(before);
      followers.set(word, (followers.get(word) ?? 0) + 1);
      before = word;
    }
  }

  return pairs;
}

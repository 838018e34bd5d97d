import { isInflected, isIrregular } from "./inflection.js";
import { abbreviationsOf, nicknames } from "./nicknames.js";
import { remembered } from "./remembered.js";
import { romanise } from "./romanise.js";
import { scriptOfWord } from "./script.js";
import { soundLikeness } from "./sounds.js";

/** The similarity of two words in names: a score from 0 (different words) to 1 (the same word), and its reason. */
export interface WordLikeness {
  readonly score: number;
  readonly kind: "same" | "inflected" | "spelling" | "nickname" | "initial" | "typo" | "none";
}

const NONE: WordLikeness = { score: 0, kind: "none" };
const SAME: WordLikeness = { score: 1, kind: "same" };
const SCORES = { inflected: 0.98, spelling: 0.96, nickname: 0.9, initial: 0.85, foreign: 0.95 } as const;
/**
 * Minimum likeness of sounds at which words in two scripts count as spellings of the same name (`spelling`) or as
 * similar (`typo`).
 */
const SOUND = { spelling: 0.9, typo: 0.8 } as const;

/** Limits for recognising a typo: the minimum length of each word, and their minimum edit similarity. */
const TYPO = { length: 4, share: 0.74 } as const;

/**
 * Minimum share of letters that two words must have in common (see `commonLetters`). Words with a smaller share count
 * as different without further comparison.
 */
const MIN_COMMON = 0.5;
/** Minimum edit similarity of two words that are compared by their sounds. */
const MIN_ALIKE = 0.5;

/**
 * Returns a function that compares folded words with the folded word `form`. Either word may be an inflected form or
 * the initial of the other word. The function caches its results.
 */
export function createWordReader(form: string): (word: string) => WordLikeness {
  const known = new Map<string, WordLikeness>([[form, SAME]]);
  const script = scriptOfWord(form);
  const letters = lettersOf(form);
  const short = nicknames(form);
  const abbreviated = abbreviationsOf(form);
  const damaged = form.includes(DAMAGED);

  const compare = (word: string): WordLikeness => {
    const other = scriptOfWord(word);
    if (form.length === 1 || word.length === 1) {
      const same = script === other ? initialOf(form, word) : foreignInitialOf(form, word);
      return same ? { score: SCORES.initial, kind: "initial" } : NONE;
    }
    if (damaged && fitsDamaged(form, word)) return { score: SCORES.spelling, kind: "spelling" };
    if (script !== other) return acrossScripts(form, word, script, other);
    if (abbreviated?.includes(word)) return { score: SCORES.spelling, kind: "spelling" };
    if (short.includes(word)) return { score: SCORES.nickname, kind: "nickname" };
    if (commonLetters(letters, lettersOf(word)) < MIN_COMMON)
      return isIrregular(form, word) ? { score: SCORES.inflected, kind: "inflected" } : NONE;
    if (isInflected(form, word)) return { score: SCORES.inflected, kind: "inflected" };
    if (isInflected(word, form)) return { score: SCORES.inflected - 0.02, kind: "inflected" };
    const longer = Math.max(form.length, word.length);
    const share = 1 - editDistance(form, word) / longer;
    if (share >= MIN_ALIKE && sameSpelling(form, word)) return { score: SCORES.spelling, kind: "spelling" };
    const isTypo = Math.min(form.length, word.length) >= TYPO.length && share >= TYPO.share;
    return isTypo ? { score: 0.95 * share, kind: "typo" } : NONE;
  };

  return (word) => {
    const seen = known.get(word);
    if (seen !== undefined) return seen;
    const found = compare(word);
    known.set(word, found);
    return found;
  };
}

/**
 * Returns the number of different letters that two words have in common, divided by the number of different letters in
 * the two words together. Each word is given as a set of letters (see `lettersOf`).
 */
const commonLetters = (a: number, b: number): number => bits(a & b) / bits(a | b);

/** Returns the set of a word's letters: one bit for each value of the low five bits of their code units. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let index = 0; index < word.length; index++) letters |= 1 << (word.charCodeAt(index) & 31);
  return letters;
}

function bits(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The replacement character, which represents a letter that was lost when the text was decoded. */
const DAMAGED = "\ufffd";

/** Returns whether two words of the same length have the same letters, apart from lost ones. */
const fitsDamaged = (form: string, word: string): boolean =>
  form.length === word.length &&
  [...form].every((letter, index) => letter === DAMAGED || letter === word[index]);

/** Returns whether one of two words in different scripts is the initial of the other, judging by their sounds. */
function foreignInitialOf(a: string, b: string): boolean {
  const [initial, word] = a.length === 1 ? [a, b] : [b, a];
  const sounds = romanise(initial);
  return romanise(word).some((reading) => sounds.some((sound) => reading.startsWith(sound)));
}

const initialOf = (a: string, b: string): boolean =>
  (a.length === 1 && b.startsWith(a)) || (b.length === 1 && a.startsWith(b));

type Scripts = ReturnType<typeof scriptOfWord>;

function acrossScripts(form: string, word: string, from: Scripts, to: Scripts): WordLikeness {
  if (from === undefined || to === undefined) return NONE;
  const like = soundLikeness(form, word, SOUND.typo);
  if (like >= SOUND.spelling || isInflectedAcross(form, word))
    return { score: SCORES.foreign, kind: "spelling" };
  return like > 0 ? { score: SCORES.foreign * like, kind: "typo" } : NONE;
}

/** Returns whether a word may be another grammatical case of a word in another script, judging by their sounds. */
function isInflectedAcross(form: string, word: string): boolean {
  const others = romanise(word);
  return romanise(form).some((key) => others.some((other) => isInflected(key, other)));
}

/**
 * Returns whether two folded words in the same script are spellings of the same name: Tchaikovsky and Chaykovsky,
 * Mueller and Muller, Dijk and Dyk.
 */
function sameSpelling(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 4) return false;
  const [one, other] = [spellingOf(a), spellingOf(b)];
  if (one.key === other.key) return true;
  if (a.length < 4 || b.length < 4) return false;
  return one.sounds.some((sound) => other.sounds.includes(sound));
}

/** Maximum number of words whose spellings are cached. */
const MAX_SPELLINGS = 10_000;
/** Returns a word's `spellingKey` and the readings of this key. Caches the results. */
const spellingOf = remembered(MAX_SPELLINGS, (word) => {
  const key = spellingKey(word);
  return { key, sounds: romanise(key) };
});

/**
 * Replaces letter pairs that are another spelling of a single letter. For example, `ae` becomes `a`, because `fold`
 * changes `ä` to `a`.
 */
function spellingKey(word: string): string {
  return word
    .replace(/ae|oe|ue/g, (pair) => pair[0]!)
    .replace(/ij/g, "y")
    .replace(/aa/g, "a");
}

/** Maximum number of code units of a word for computing edit distances. Longer words are truncated. */
const MAX_LENGTH = 64;
/** Three rows of the table of edit distances: for the current letter and for each of the two letters before it. */
const ROWS = [0, 1, 2].map(() => new Uint8Array(MAX_LENGTH + 1));

/**
 * Returns the minimum number of edits that turn one word into the other. An edit inserts, deletes or replaces a letter,
 * or swaps two neighbouring letters.
 */
export function editDistance(a: string, b: string): number {
  const width = Math.min(b.length, MAX_LENGTH);
  let [before, last, row] = ROWS as [Uint8Array, Uint8Array, Uint8Array];
  for (let j = 0; j <= width; j++) last[j] = j;
  for (let i = 1; i <= Math.min(a.length, MAX_LENGTH); i++) {
    row[0] = i;
    const letter = a.charCodeAt(i - 1);
    for (let j = 1; j <= width; j++) {
      const other = b.charCodeAt(j - 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (letter === other ? 0 : 1));
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other)
        cost = Math.min(cost, before[j - 2]! + 1);
      row[j] = cost;
    }
    [before, last, row] = [last, row, before];
  }
  return last[width]!;
}

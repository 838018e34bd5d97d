import { isInflected } from "./inflection.js";
import { nicknames } from "./nicknames.js";
import { comparisonOf, romanise } from "./romanise.js";
import { scriptOfWord } from "./script.js";

/** The similarity of two words in names: a score from 0 (different words) to 1 (the same word), and its reason. */
export interface WordLikeness {
  readonly score: number;
  readonly kind: "same" | "inflected" | "spelling" | "nickname" | "initial" | "typo" | "none";
}

const NONE: WordLikeness = { score: 0, kind: "none" };
const SAME: WordLikeness = { score: 1, kind: "same" };
const SCORES = { inflected: 0.98, spelling: 0.96, nickname: 0.9, initial: 0.85 } as const;

/** Limits for recognising a typo: the minimum length of each word, and their minimum edit similarity. */
const TYPO = { length: 4, share: 0.74 } as const;

/** Minimum share of common letters. Words with a smaller share count as different without further comparison. */
const MIN_COMMON = 0.5;
/** Minimum edit similarity of two words that are compared by their sounds. */
const MIN_ALIKE = 0.5;

/** Compares two folded words. Either word may be an inflected form or the initial of the other word. */
export function wordLikeness(form: string, word: string): WordLikeness {
  if (form === word) return SAME;
  if (form.length === 1 || word.length === 1)
    return initialOf(form, word) ? { score: SCORES.initial, kind: "initial" } : NONE;
  const scripts = [scriptOfWord(form), scriptOfWord(word)] as const;
  if (scripts[0] !== scripts[1]) return acrossScripts(form, word, ...scripts);
  if (nicknames(form).includes(word)) return { score: SCORES.nickname, kind: "nickname" };
  if (commonLetters(form, word) < MIN_COMMON) return NONE;
  if (isInflected(form, word)) return { score: SCORES.inflected, kind: "inflected" };
  if (isInflected(word, form)) return { score: SCORES.inflected - 0.02, kind: "inflected" };
  const longer = Math.max(form.length, word.length);
  const share = 1 - distance(form, word) / longer;
  if (share >= MIN_ALIKE && sameSpelling(form, word)) return { score: SCORES.spelling, kind: "spelling" };
  const isTypo = Math.min(form.length, word.length) >= TYPO.length && share >= TYPO.share;
  return isTypo ? { score: 0.95 * share, kind: "typo" } : NONE;
}

/**
 * Returns the number of different letters that the words have in common, divided by the number of different letters in the
 * two words together. Letters are compared by the low five bits of their code units.
 */
function commonLetters(a: string, b: string): number {
  const [first, second] = [lettersOf(a), lettersOf(b)];
  return bits(first & second) / bits(first | second);
}

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

const initialOf = (a: string, b: string): boolean =>
  (a.length === 1 && b.startsWith(a)) || (b.length === 1 && a.startsWith(b));

type Scripts = ReturnType<typeof scriptOfWord>;

function acrossScripts(form: string, word: string, from: Scripts, to: Scripts): WordLikeness {
  if (from === undefined || to === undefined) return NONE;
  const { keys, least } = comparisonOf(from, to);
  let best = 0;
  for (const key of keys(form))
    for (const other of keys(word)) {
      if (key === other) best = 1;
      else if (isInflected(key, other)) best = Math.max(best, 0.95);
      else best = Math.max(best, 1 - distance(key, other) / Math.max(key.length, other.length));
    }
  const enough = Math.max(least, 0.7);
  return best < enough ? NONE : { score: 0.8 + 0.15 * best, kind: "spelling" };
}

/**
 * Returns whether two folded words in the same script are spellings of the same name: Tchaikovsky and Chaykovsky,
 * Mueller and Muller, Dijk and Dyk.
 */
function sameSpelling(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 4) return false;
  const [first, second] = [spellingKey(a), spellingKey(b)];
  if (first === second) return true;
  if (a.length < 4 || b.length < 4 || a[0] === undefined) return false;
  const others = romanise(second);
  return romanise(first).some((key) => others.includes(key));
}

/**
 * Replaces letter pairs that are another spelling of a single letter. For example, `ae` becomes `a`, because `fold` changes
 * `ä` to `a`.
 */
function spellingKey(word: string): string {
  return word
    .replace(/ae|oe|ue/g, (pair) => pair[0]!)
    .replace(/ij/g, "y")
    .replace(/aa/g, "a");
}

/**
 * Returns the minimum number of edits that turn one word into the other. An edit inserts, deletes or replaces a letter, or
 * swaps two neighbouring letters.
 */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

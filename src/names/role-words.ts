import { wordsOf } from "./fold.js";
import { isInflected } from "./inflection.js";
import { type EntityKind, ROLES } from "./roles.js";

/** A role found in a text, with its index in `ROLES`. */
export interface FoundRole {
  readonly role: number;
  readonly kind: EntityKind;
  /** The role's words are `words[start, end)`. */
  readonly start: number;
  readonly end: number;
}

const phrases = (text: string): readonly string[] =>
  text.split(", ").map((phrase) => wordsOf(phrase).join(" "));

/**
 * Words in `ROLES` that are, without their accents, frequent words of other languages: "to" and "by" in English are a
 * lake in Hungarian and a town in Danish, "les" in French is a forest in Czech. They are never roles in a text. Source:
 * written for this project from general knowledge.
 */
const OTHER_WORDS: ReadonlySet<string> = new Set(
  phrases(
    "to, by, so, se, re, il, la, las, les, ter, var, via, see, car, arts, part, have, gate, lege, dal, sang, hora, vivo, cura, oficial",
  ),
);

/** Phrases that contain a word of `ROLES` with another meaning. Source: as above. */
const OTHER_PHRASES: ReadonlySet<string> = new Set(
  phrases(
    "general view, general views, general election, general elections, general assembly, general meeting, general manager, general strike, " +
      "general hospital, general store, general public, vista general, elecciones generales, asamblea general, huelga general, at work, " +
      "at play, in general, en general",
  ),
);
const OTHER_STARTS = new Set([...OTHER_PHRASES].map((phrase) => phrase.split(" ")[0]!));

/**
 * For each folded phrase, its indices in `ROLES`. A phrase can have several meanings: "opera" is a building and a work.
 */
const BY_PHRASE: ReadonlyMap<string, readonly number[]> = index();
/** For each first word of a phrase, the number of words of the longest such phrase. */
const LONGEST: ReadonlyMap<string, number> = longest();
/** For each sequence of four letters, the single-word phrases that begin with it. Used to find inflected forms. */
const BY_STEM: ReadonlyMap<string, readonly string[]> = stems();

/**
 * Finds roles in folded words. Recognises inflected forms of single words ("физика" for "физик"). Longer phrases take
 * precedence. Words and phrases that usually mean something else are not roles.
 */
export function rolesIn(words: readonly string[]): readonly FoundRole[] {
  const found: FoundRole[] = [];
  for (let start = 0; start < words.length; ) {
    if (OTHER_STARTS.has(words[start]!) && OTHER_PHRASES.has(`${words[start]} ${words[start + 1]}`)) {
      start += 2;
      continue;
    }
    let length = Math.min(LONGEST.get(words[start]!) ?? 1, words.length - start);
    let rows: readonly number[] | undefined;
    for (; length > 0; length--) {
      rows =
        BY_PHRASE.get(words.slice(start, start + length).join(" ")) ??
        (length === 1 ? inflectedRows(words[start]!) : undefined);
      if (rows !== undefined) break;
    }
    if (rows === undefined) start += 1;
    else {
      const end = start + length;
      for (const role of rows) found.push({ role, kind: ROLES[role]!.kind, start, end });
      start = end;
    }
  }
  return found;
}

/** Returns the roles that a folded phrase is as a whole and without an ending, as indices into `ROLES`. */
export const rolesOfPhrase = (phrase: string): readonly number[] => BY_PHRASE.get(phrase) ?? [];

/**
 * Returns the kinds of the role that ends a folded compound word: for "hafenstadt", the kinds of "stadt". The role must
 * have at least five letters, and the part before it at least three.
 */
export function rolesOfCompound(word: string): readonly EntityKind[] {
  for (let start = 3; start <= word.length - 5; start++) {
    const rows = BY_PHRASE.get(word.slice(start));
    if (rows !== undefined) return rows.map((role) => ROLES[role]!.kind);
  }
  return [];
}

function inflectedRows(word: string): readonly number[] | undefined {
  if (word.length < 5) return undefined;
  const phrase = BY_STEM.get(word.slice(0, 4))?.find(
    (known) => isInflected(word, known) || plural(word, known),
  );
  return phrase === undefined ? undefined : BY_PHRASE.get(phrase);
}

const plural = (word: string, known: string): boolean =>
  word === `${known}s` || word === `${known}en` || word === `${known}e`;

function index(): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  ROLES.forEach(({ words }, row) => {
    for (const word of words) {
      const phrase = wordsOf(word).join(" ");
      if (phrase.length < 2 || OTHER_WORDS.has(phrase)) continue;
      const rows = found.get(phrase) ?? [];
      if (!rows.includes(row)) found.set(phrase, [...rows, row]);
    }
  });
  return found;
}

function longest(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const phrase of BY_PHRASE.keys()) {
    const { 0: first, length } = phrase.split(" ") as [string, ...string[]];
    found.set(first, Math.max(length, found.get(first) ?? 1));
  }
  return found;
}

function stems(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const phrase of BY_PHRASE.keys()) {
    if (phrase.includes(" ") || phrase.length < 4) continue;
    const stem = phrase.slice(0, 4);
    found.set(stem, [...(found.get(stem) ?? []), phrase]);
  }
  return found;
}

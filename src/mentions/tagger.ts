import type { Mention, Span } from "../core/index.js";
import { fold, remembered } from "../names/index.js";
import { piecesOf } from "./pieces.js";
import { isUsual } from "./usual-words.js";
import { type Word, writtenWordsOf } from "./words.js";

/** A name that may belong to a person. */
export interface PersonName {
  readonly mention: Mention;
  /**
   * Whether the tagger classifies the name as a person. False for names that the tagger cannot classify, such as many
   * foreign names.
   */
  readonly certain: boolean;
}

/**
 * Returns the names in an English text that may belong to people: all detected names except those that the tagger
 * classifies as places or organisations.
 */
export async function detectPeople(text: string): Promise<PersonName[]> {
  const { namesIn } = await loadTagger();
  return namesIn(text, writtenWordsOf(text))
    .filter(({ kind }) => kind !== "other")
    .map(({ mention, kind }) => ({ mention, certain: kind === "person" }));
}

/** A word as returned by the tagger. */
interface Term {
  readonly text: string;
  readonly tags: readonly string[];
}

/** A word with its position in the text. */
interface PlacedTerm extends Span {
  readonly tags: readonly string[];
  /**
   * Whether the word is a capitalised noun that is neither in the dictionary nor a common word. Such a word is probably
   * a name even at the start of a sentence.
   */
  readonly unknown: boolean;
}

type Dictionary = Readonly<Record<string, unknown>>;

/** Tags of proper nouns that do not name a person, place or organisation. */
const OTHER_TAGS = [
  "Date",
  "Demonym",
  "Language",
  "Currency",
  "Unit",
  "Url",
  "HashTag",
  "AtMention",
  "Pronoun",
];

/** The separators allowed inside a name: whitespace, a full stop with or without whitespace, or a hyphen. */
const WITHIN_NAME = /^(?:\.?[^\S\r\n]+|\.|[-‐‑])$/u;

/** The tagger's classification of a name; "unknown" for many foreign names. */
export type NameKind = "person" | "other" | "unknown";

/** A name in a text and its classification. */
export interface TaggedName {
  readonly mention: Mention;
  readonly kind: NameKind;
}

/** The tagger for English texts (compromise). */
export interface Tagger {
  /**
   * Returns the names in an English text, such as those of people, places and organisations, in order and without
   * overlaps. A name includes neither a title before it nor a possessive ending. `words` are the words of
   * the text. The time grows in proportion to the length of the text.
   */
  namesIn(text: string, words: readonly Word[]): readonly TaggedName[];
  /** Returns whether a lower-case word is in the dictionary and is not a name there. */
  isCommon(word: string): boolean;
  /** Returns whether a lower-case word denotes a nationality or a language in the dictionary. */
  isDemonym(word: string): boolean;
  /** Returns whether a lower-case word is a first name in the dictionary. */
  isFirstName(word: string): boolean;
}

/** Loads the tagger, which takes 41 MB of memory. */
export async function loadTagger(): Promise<Tagger> {
  const { default: nlp } = await import("compromise");
  const { lexicon } = (nlp.model() as { one: { lexicon: Dictionary } }).one;
  const tagsOf = (word: string): readonly unknown[] =>
    Object.hasOwn(lexicon, word) ? [lexicon[word]].flat() : [];
  return {
    namesIn: (text, words) => {
      const tagged = remembered(MAX_REMEMBERED, (piece) => namesIn(piece, nlp(piece).json(), lexicon));
      return piecesOf(text, words).flatMap(({ start, end }) =>
        tagged(text.slice(start, end)).map((name) => movedBy(start, name)),
      );
    },
    isCommon: (word) => {
      const tags = tagsOf(word);
      return tags.length > 0 && !tags.some((tag) => NAME_TAGS.has(tag));
    },
    isDemonym: (word) => tagsOf(word).some((tag) => tag === "Demonym" || tag === "Language"),
    isFirstName: (word) => tagsOf(word).some((tag) => FIRST_NAME_TAGS.has(tag)),
  };
}

/** Maximum number of different pieces of a text to remember. A text that repeats itself is then tagged only once. */
const MAX_REMEMBERED = 100;

function movedBy(offset: number, { mention, kind }: TaggedName): TaggedName {
  const { start, end } = mention.span!;
  return { mention: { ...mention, span: { start: start + offset, end: end + offset } }, kind };
}

const FIRST_NAME_TAGS: ReadonlySet<unknown> = new Set(["FirstName", "MaleName", "FemaleName"]);
/** Tags of the names in the tagger's dictionary. */
const NAME_TAGS: ReadonlySet<unknown> = new Set([
  ...FIRST_NAME_TAGS,
  ..."ProperNoun Person LastName Place City Country Region Organization Company SportsTeam School".split(" "),
]);

function namesIn(
  text: string,
  sentences: readonly { readonly terms: readonly Term[] }[],
  dictionary: Dictionary,
): TaggedName[] {
  let from = 0;
  const names: PlacedTerm[][] = [];
  for (const { terms } of sentences) {
    const placed: PlacedTerm[] = [];
    for (const { text: word, tags } of terms) {
      const start = text.indexOf(word, from);
      if (word === "" || start < 0) continue; // a word that the tagger has expanded, such as the "not" in "don't"
      from = start + word.length;
      if (!/[\p{L}\p{N}]/u.test(word)) continue; // emoji, which the tagger classifies as names
      placed.push({ start, end: from, tags, unknown: isUnknown(word, tags, dictionary) });
    }
    names.push(...runsOfNames(text, placed));
  }
  return names.flatMap((run) => mentionOf(text, run).map((mention) => ({ mention, kind: kindOf(run) })));
}

function kindOf(run: readonly PlacedTerm[]): NameKind {
  const tagged = (tag: string): boolean => run.some(({ tags }) => tags.includes(tag));
  if (tagged("Person")) return "person";
  return tagged("Place") || tagged("Organization") ? "other" : "unknown";
}

/**
 * Divides the proper nouns of a text into runs. Two neighbouring proper nouns are in the same run if only a
 * `WITHIN_NAME` separator is between them and the first is not a possessive.
 */
function runsOfNames(text: string, terms: readonly PlacedTerm[]): PlacedTerm[][] {
  const runs: PlacedTerm[][] = [];
  let run: PlacedTerm[] = [];
  for (const term of terms) {
    const last = run.at(-1);
    if (last && !(isName(term) && WITHIN_NAME.test(text.slice(last.end, term.start)))) {
      runs.push(run);
      run = [];
    }
    if (!isName(term)) continue;
    run.push(term);
    if (term.tags.includes("Possessive")) {
      runs.push(run);
      run = [];
    }
  }
  return run.length === 0 ? runs : [...runs, run];
}

function isName({ tags, unknown }: PlacedTerm): boolean {
  return (tags.includes("ProperNoun") || unknown) && !OTHER_TAGS.some((tag) => tags.includes(tag));
}

/** Returns whether a word is a capitalised noun that is neither in the dictionary nor a common word (see `isUsual`). */
function isUnknown(word: string, tags: readonly string[], dictionary: Dictionary): boolean {
  const lower = word.toLowerCase();
  const common = Object.hasOwn(dictionary, lower) || isUsual(fold(word));
  return tags.includes("Noun") && /^\p{Lu}\p{Ll}/u.test(word) && !common;
}

/**
 * Removes the titles at the start of a run, the lower-case words at either end, and a possessive ending. Returns a list
 * with the rest as its only mention, or an empty list if nothing is left.
 */
function mentionOf(text: string, run: readonly PlacedTerm[]): Mention[] {
  const capital = ({ start, end }: Span): boolean => !/^\p{Ll}/u.test(text.slice(start, end));
  const first = run.findIndex((term) => capital(term) && !isTitle(term));
  const last = run.findLast(capital);
  if (first < 0 || last === undefined) return [];
  const { start } = run[first]!;
  const name = text.slice(start, last.end).replace(/['’`]s?$/u, "");
  return name === "" ? [] : [{ text: name, span: { start, end: start + name.length } }];
}

/** Returns whether a word is a title (`President`, `Dr`) or a role (`Secretary`). */
function isTitle({ tags }: PlacedTerm): boolean {
  return tags.includes("Honorific") || (tags.includes("Actor") && tags.includes("Singular"));
}

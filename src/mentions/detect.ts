import type { Mention, Span } from "../core/index.js";

/** A name that may belong to a person. */
export interface PersonName {
  readonly mention: Mention;
  /**
   * Whether the tagger classifies the name as a person. False for names that the tagger cannot classify, such as many foreign
   * names.
   */
  readonly certain: boolean;
}

/**
 * Returns the people, places and organisations named in an English text, in order and without overlaps. A mention includes
 * neither a title before the name nor a possessive ending after the name. The first call loads the tagger (compromise, 41
 * MB).
 */
export async function detectMentions(text: string): Promise<Mention[]> {
  return (await findNames(text)).map(({ mention }) => mention);
}

/**
 * Returns the names in an English text that may belong to people: all detected names except those that the tagger classifies
 * as places or organisations.
 */
export async function detectPeople(text: string): Promise<PersonName[]> {
  const names = await findNames(text);
  return names
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
   * Whether the word is a capitalised noun that is missing from the dictionary. Such a word is probably a name even at the
   * start of a sentence.
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

/** Words that captions often start with and that are missing from the tagger's dictionary. */
const CAPTION_WORDS = new Set(
  `album bas-relief bronze bust caricature cartoon closeup coin cover daguerreotype detail drawing engraving etching
  exterior fresco frontispiece grave headshot illustration image interior lithograph logo marble medal memorial
  miniature monument mosaic mugshot mural painting photo photograph photos picture plaque portrait postcard poster
  print relief ruins scene screenshot sculpture selfie signature sketch stamp statue still tomb view waxwork woodcut`.split(
    /\s+/,
  ),
);

/** Maximum distance in UTF-16 code units between the end of a word and the start of the next word. */
const MAX_GAP = 1_000;

/** The separators allowed inside a name: whitespace, a full stop with or without whitespace, or a hyphen. */
const WITHIN_NAME = /^(?:\.?[^\S\r\n]+|\.|[-‐‑])$/u;

/** The tagger's classification of a name; "unknown" for many foreign names. */
type NameKind = "person" | "other" | "unknown";

/** A name in a text and its classification. */
interface DetectedName {
  readonly mention: Mention;
  readonly kind: NameKind;
}

/** Returns all names in an English text, in order and without overlaps. */
async function findNames(text: string): Promise<DetectedName[]> {
  const { default: nlp } = await import("compromise");
  const sentences: readonly { readonly terms: readonly Term[] }[] = nlp(text).json();
  const { lexicon: dictionary } = (nlp.model() as { one: { lexicon: Dictionary } }).one;
  let from = 0;
  const names: PlacedTerm[][] = [];
  for (const { terms } of sentences) {
    const placed: PlacedTerm[] = [];
    for (const { text: word, tags } of terms) {
      const gap = text.slice(from, from + MAX_GAP + word.length).indexOf(word);
      if (word === "" || gap < 0) continue; // a word that the tagger has expanded, such as the "not" in "don't"
      const start = from + gap;
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
 * Divides the proper nouns of a text into runs. Two neighbouring proper nouns are in the same run if only a `WITHIN_NAME`
 * separator is between them and the first is not a possessive.
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

/** Returns whether a word is a capitalised noun that is neither in the dictionary nor in `CAPTION_WORDS`. */
function isUnknown(word: string, tags: readonly string[], dictionary: Dictionary): boolean {
  const lower = word.toLowerCase();
  const common = Object.hasOwn(dictionary, lower) || CAPTION_WORDS.has(lower);
  return tags.includes("Noun") && /^\p{Lu}\p{Ll}/u.test(word) && !common;
}

/**
 * Removes from a run of words the titles at its start, the lower-case words at either end, and a possessive ending.
 * Returns the remaining words as a list with one mention, or an empty list if no words remain.
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

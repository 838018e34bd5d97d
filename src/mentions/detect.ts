import type { Mention, Span } from "../core/index.js";

/** A word as the tagger sees it. */
interface Term {
  readonly text: string;
  readonly tags: readonly string[];
}

interface Placed extends Span {
  readonly tags: readonly string[];
  /** A capital alone says little, since sentences begin with one; a capital on a word of no dictionary does. */
  readonly unknown: boolean;
}

type Dictionary = Readonly<Record<string, unknown>>;

/** Proper nouns that name no person, place or organisation. */
const OTHER = ["Date", "Demonym", "Language", "Currency", "Unit", "Url", "HashTag", "AtMention", "Pronoun"];

/** What a caption may begin with, beside the words of the tagger's dictionary. */
const PICTURES = new Set(
  `album bas-relief bronze bust caricature cartoon closeup coin cover daguerreotype detail drawing engraving etching
  exterior fresco frontispiece grave headshot illustration image interior lithograph logo marble medal memorial
  miniature monument mosaic mugshot mural painting photo photograph photos picture plaque portrait postcard poster
  print relief ruins scene screenshot sculpture selfie signature sketch stamp statue still tomb view waxwork woodcut`.split(
    /\s+/,
  ),
);

/** The next word of the tagger is looked for no further than this behind the last. */
const MAX_GAP = 1_000;

/** What may stand between two words of one name: white space, a dot and white space, or a hyphen. */
const WITHIN_NAME = /^(?:\.?[^\S\r\n]+|\.|[-‐‑])$/u;

/** What the tagger takes a name for; of many a foreign name it knows nothing. */
type NameKind = "person" | "other" | "unknown";

/** A name in an English text, with what kind of thing it names. */
export interface KindedMention {
  readonly mention: Mention;
  readonly kind: NameKind;
}

/** All names that an English text holds, in order and without overlap. */
export async function namesIn(text: string): Promise<KindedMention[]> {
  const { default: nlp } = await import("compromise");
  const sentences: readonly { readonly terms: readonly Term[] }[] = nlp(text).json();
  const { lexicon: dictionary } = (nlp.model() as { one: { lexicon: Dictionary } }).one;
  let from = 0;
  const names: Placed[][] = [];
  for (const { terms } of sentences) {
    const placed: Placed[] = [];
    for (const { text: word, tags } of terms) {
      const gap = text.slice(from, from + MAX_GAP + word.length).indexOf(word);
      if (word === "" || gap < 0) continue; // what the tagger wrote out, as the not of "don't"
      const start = from + gap;
      from = start + word.length;
      if (!/[\p{L}\p{N}]/u.test(word)) continue; // emoji, which the tagger takes for names
      placed.push({ start, end: from, tags, unknown: isUnknown(word, tags, dictionary) });
    }
    names.push(...runsOfNames(text, placed));
  }
  return names.flatMap((run) => mentionOf(text, run).map((mention) => ({ mention, kind: kindOf(run) })));
}

function kindOf(run: readonly Placed[]): NameKind {
  const tagged = (tag: string): boolean => run.some(({ tags }) => tags.includes(tag));
  if (tagged("Person")) return "person";
  return tagged("Place") || tagged("Organization") ? "other" : "unknown";
}

/** The longest runs of proper nouns with nothing but `WITHIN_NAME` between them. */
function runsOfNames(text: string, terms: readonly Placed[]): Placed[][] {
  const runs: Placed[][] = [];
  let run: Placed[] = [];
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

function isName({ tags, unknown }: Placed): boolean {
  return (tags.includes("ProperNoun") || unknown) && !OTHER.some((tag) => tags.includes(tag));
}

/** A capitalised noun that neither the dictionary nor the list of pictures holds. */
function isUnknown(word: string, tags: readonly string[], dictionary: Dictionary): boolean {
  const lower = word.toLowerCase();
  const common = Object.hasOwn(dictionary, lower) || PICTURES.has(lower);
  return tags.includes("Noun") && /^\p{Lu}\p{Ll}/u.test(word) && !common;
}

/** The mention of a run without titles before it and lower-case words around it; none when nothing is left. */
function mentionOf(text: string, run: readonly Placed[]): Mention[] {
  const capital = ({ start, end }: Span): boolean => !/^\p{Ll}/u.test(text.slice(start, end));
  const first = run.findIndex((term) => capital(term) && !isTitle(term));
  const last = run.findLast(capital);
  if (first < 0 || last === undefined) return [];
  const { start } = run[first]!;
  const name = text.slice(start, last.end).replace(/['’`]s?$/u, "");
  return name === "" ? [] : [{ text: name, span: { start, end: start + name.length } }];
}

/** `President`, `Dr`, and role words on their own: `Secretary`. */
function isTitle({ tags }: Placed): boolean {
  return tags.includes("Honorific") || (tags.includes("Actor") && tags.includes("Singular"));
}

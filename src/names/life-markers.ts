import { isDateWord, isYear, phrasesAt, type Token, type Years, yearsAfter } from "./dates.js";
import { fold } from "./fold.js";
import { BORN_MARKERS, DIED_MARKERS } from "./lexicon.js";
import { isMonth } from "./months.js";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" ").map(fold));

/** Markers that are nouns: the year follows directly, as in "death in 1915". Source: the tables of `languages/`. */
const NOUNS = words("death tod jahrgang jg doğum ölüm narození");
/** German nouns have a capital letter. */
const GERMAN_NOUNS = words("tod jahrgang jg");
/** Markers before a maiden name as well as before a date. */
const BEFORE_NAME = words("geb née né født fødte född");
/** Verbs after the year: "1905 doğumlu", "1905-ben született". */
const AFTER_YEAR = words(
  "doğumlu doğdu doğdular született születtek öldü öldüler meghalt meghaltak elhunyt elhunytak",
);

/** Markers of four or more letters that are abbreviations. */
const ABBREVIATIONS = words("gest overl naroz szül synt рожд");

const STARTS = new Set([...BORN_MARKERS, ...DIED_MARKERS].map((phrase) => phrase.split(" ")[0]!));

interface Stated {
  readonly birth?: Years | undefined;
  readonly death?: Years | undefined;
}

/** Reads the dates after signs (* or †), words and abbreviations for birth and death. The first of each counts. */
export function lifeMarkersIn(tokens: readonly Token[]): Stated {
  const life: { birth?: Years | undefined; death?: Years | undefined } = {};
  for (let index = 0; index < tokens.length; index++) {
    const marker = signAt(tokens, index) ?? wordAt(tokens, index) ?? letterAt(tokens, index, life);
    if (marker !== undefined) life[marker.event] ??= marker.years();
  }
  return life;
}

interface Marker {
  readonly event: "birth" | "death";
  readonly years: () => Years | undefined;
}

/** A sign is not glued to a word ("Künstler*innen", "Müller†") and does not begin a line ("* Berlin, 1936"). */
function signAt(tokens: readonly Token[], index: number): Marker | undefined {
  const { written, gap } = tokens[index]!;
  if (!/^[*†✝]$/u.test(written) || /\n\s*$/u.test(gap) || (index > 0 && gap === "")) return undefined;
  return { event: written === "*" ? "birth" : "death", years: () => yearsAfter(tokens, index + 1) };
}

function wordAt(tokens: readonly Token[], index: number): Marker | undefined {
  const phrase = phraseAt(tokens, index);
  if (phrase === undefined || phrase.length === 1) return undefined;
  const last = tokens[index]!.word === phrase ? index : index + phrase.split(" ").length - 1;
  const event = BORN_MARKERS.has(phrase) ? "birth" : "death";
  const before = AFTER_YEAR.has(phrase) ? yearBefore(tokens, index) : undefined;
  if (before !== undefined) return { event, years: () => before };
  const next = tokens[last + 1];
  if (next === undefined || /[,()[\]]/u.test(next.gap)) return undefined;
  if (/^\.\s/u.test(next.gap) && !isAbbreviation(tokens[last]!)) return undefined;
  if (!isWrittenAsMarker(tokens, index, last)) return undefined;
  if (BEFORE_NAME.has(phrase) && /^\p{Lu}/u.test(next.written) && !isMonth(next.word))
    return { event, years: () => dateAfterName(tokens, last + 1) };
  return { event, years: () => yearsAfter(tokens, last + 1, NOUNS.has(phrase) ? 0 : undefined) };
}

const isAbbreviation = ({ word }: Token): boolean => word.length < 4 || ABBREVIATIONS.has(word);

function phraseAt(tokens: readonly Token[], index: number): string | undefined {
  if (!STARTS.has(tokens[index]!.word)) return undefined;
  return phrasesAt(tokens, index).find((phrase) => BORN_MARKERS.has(phrase) || DIED_MARKERS.has(phrase));
}

/**
 * Returns whether the case of a marker's letters fits. In a text with small letters, "NATO" is no marker. "Mort" and
 * "Death" in the middle of a sentence are markers only directly before a date: "Born 1905", but not "Death in Venice".
 */
function isWrittenAsMarker(tokens: readonly Token[], index: number, last: number): boolean {
  const { written, word, gap } = tokens[index]!;
  if (!/^\p{Lu}/u.test(written) || GERMAN_NOUNS.has(word)) return true;
  if (!tokens.some((token) => /\p{Ll}/u.test(token.written))) return true;
  if (/\p{Lu}.*\p{Lu}/u.test(written)) return false;
  let next = last + 1;
  while (next < tokens.length && isDateWord(tokens[next]!.word)) next++;
  if (/^\d/.test(tokens[next]?.word ?? "")) return true;
  return index === 0 ? gap === "" || /[.;:(\n]/u.test(gap) : /[.!?;:()\n–—]/u.test(gap);
}

/** Returns the year of a complete date after a maiden name: "geb. Müller am 12.3.1923", but not "geb. Müller, 1923". */
function dateAfterName(tokens: readonly Token[], start: number): Years | undefined {
  const years = yearsAfter(tokens, start);
  const at = tokens.findIndex(({ word }, index) => index >= start && isYear(word));
  const before = tokens[at - 1]?.word ?? "";
  return isMonth(before) || /^\d{1,2}$/.test(before) ? years : undefined;
}

function yearBefore(tokens: readonly Token[], index: number): Years | undefined {
  const isSuffix =
    (tokens[index - 1]?.word.length ?? 9) <= 3 && /^[-'’]$/u.test(tokens[index - 1]?.gap ?? "");
  const at = isSuffix ? index - 2 : index - 1;
  const year = tokens[at]?.word;
  const isNear = tokens.slice(at + 1, index + 1).every(({ gap }) => /^[\s'’-]*$/u.test(gap));
  return isYear(year) && isNear ? [Number(year), Number(year)] : undefined;
}

/**
 * Reads the abbreviations of one letter: b., d., n., f., s., р., and m., k. or ö. after a year of birth. They must be
 * lower case or follow an opening bracket, so that "Anna B. 1936" is not a date.
 */
function letterAt(tokens: readonly Token[], index: number, life: Stated): Marker | undefined {
  const { word, written, gap } = tokens[index]!;
  if (word.length !== 1 || !/\p{L}/u.test(word)) return undefined;
  const isApart = /[(（[,;–—-]\s*$/u.test(gap) || (index === 0 && gap.trim() === "");
  if (/^\p{Lu}/u.test(written) && !/[(（[]\s*$/u.test(gap)) return undefined;
  const next = tokens[index + 1];
  if (next === undefined || (next.word.length < 2 && next.word !== "c")) return undefined;
  const isAbbreviated = /^\.\s*$/u.test(next.gap);
  const limit = isAbbreviated && "bd".includes(word) ? undefined : 0;
  if (!isAbbreviated && !isYear(next.word)) return undefined;
  const years = (): Years | undefined => yearsAfter(tokens, index + 1, limit);
  if (word === "b" || (word === "d" && isTurkish(tokens, index))) return { event: "birth", years };
  if (word === "d") return { event: "death", years };
  if (!isApart || !isAbbreviated) return undefined;
  if ("nsр".includes(word)) return { event: "birth", years };
  if (word === "f") return { event: life.birth === undefined ? "birth" : "death", years };
  return "mko".includes(word) && life.birth !== undefined ? { event: "death", years } : undefined;
}

/** Returns whether "ö." for a death follows later. In Turkish, "d." is then a birth. */
const isTurkish = (tokens: readonly Token[], index: number): boolean =>
  tokens.some(({ written }, at) => at > index && written === "ö");

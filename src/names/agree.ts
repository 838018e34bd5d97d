import { acronymsOf } from "./acronyms.js";
import { sexOfGivenName } from "./given-names.js";
import { createWordReader, type WordLikeness } from "./likeness.js";
import { abbreviationsOf } from "./nicknames.js";
import type { ParsedName } from "./parse.js";
import type { NameParts, Part } from "./plain-name.js";
import { impliedSex } from "./sex.js";

/**
 * Agreements and differences between a mention and a name. No number is negative; a number is 0 if nothing is known.
 */
export interface Agreement {
  /** Similarity of the family names: 1 if they are the same, 0 if they differ or one is missing. */
  readonly family: number;
  /** Similarity of the given names, including initials. */
  readonly given: number;
  /**
   * Weighted share of the words that agree: in the mention (`mention`), and in the entity's name (`name`). Particles
   * have a low weight.
   */
  readonly mention: number;
  readonly name: number;
  /**
   * 1 if each of the two names contains a family name that the other does not contain, or if a title of the mention is
   * the family name that it lacks ("King Stephen", "Stephen King").
   */
  readonly otherFamily: number;
  /**
   * Two flags for two names that each contain a given name or initial that the other lacks. `otherGiven` is 1 if no
   * given name agrees. `otherMiddle` is 1 if at least one agrees. `otherGiven` is also 1 if only the entity's
   * name is that of a couple, and for two given names in another order ("Henry Thomas", "Thomas Henry").
   */
  readonly otherGiven: number;
  readonly otherMiddle: number;
  /**
   * Number of words in the mention that could be first names but do not occur in the entity's name; capped at 3.
   * Initials are not counted. If `otherGiven` or `otherMiddle` is 1, the number is one lower. If the mention is a couple
   * and the entity's name is not, it is one higher.
   */
  readonly extra: number;
  /**
   * Four flags for the generations (Jr., III). `sameGeneration` is 1 if they are the same, `otherGeneration` if they
   * differ, `generationInMention` if only the mention has one, and `generationInName` if only the entity's name has
   * one.
   */
  readonly sameGeneration: number;
  readonly otherGeneration: number;
  readonly generationInMention: number;
  readonly generationInName: number;
  /** 1 if given names agree but family names do not: "Vincent" and "Vincent van Gogh". */
  readonly givenOnly: number;
  /**
   * Four shares of the agreeing words: those that agree by their initial (`initials`), as a nickname (`nicknames`), in
   * another spelling or grammatical case (`spellings`), or with a typo (`typos`).
   */
  readonly initials: number;
  readonly nicknames: number;
  readonly spellings: number;
  readonly typos: number;
  /** 1 if the agreeing words are not in the same order in both names. */
  readonly reordered: number;
  /** 1 if the two names have the same words, apart from spelling, grammatical case and script. */
  readonly exact: number;
  /** 1 if the mention is an acronym of the name. */
  readonly acronym: number;
  /**
   * The words of the mention without titles, with the given names first. If a word differs from a word of the name only
   * in spelling or grammatical case, the name's word is used instead. If both names state a generation, it is added at
   * the end.
   */
  readonly words: readonly string[];
  /**
   * The words of the name that fits best. Set only if this name is in the `others` or `halves` of a parsed name, such
   * as a name in brackets or the name with the maiden name.
   */
  readonly other?: readonly string[];
}

/** Compares one mention with many names. */
export interface NameReader {
  /**
   * Compares the mention with the names of an entity. Returns the agreement with the name that fits best. The result is
   * undefined if the mention has no word in common with any of the names.
   */
  agreement(names: readonly ParsedName[]): Agreement | undefined;
}

/** Creates a reader for a mention. The reader compares each pair of words only once. */
export function createNameReader(mention: ParsedName): NameReader {
  const readers = new Map<string, WordReader>();
  const readerOf = (word: string): WordReader => {
    const reader = readers.get(word) ?? createWordReader(word);
    readers.set(word, reader);
    return reader;
  };
  const readings = [mention, ...mention.others].map((name) => readingOf(name, readerOf));
  /** Returns the agreement with a name if it fits better than `best`, and otherwise `best`. */
  const better = (
    best: Agreement | undefined,
    name: NameParts,
    isOther: boolean,
    isCouple: boolean,
  ): Agreement | undefined => {
    let chosen = best;
    for (const reading of readings) {
      const persons = compareWives(reading, name, readerOf);
      const found =
        persons && (mention.couple || isCouple) ? asCouples(persons, mention, name, isCouple) : persons;
      if (found === undefined || (chosen !== undefined && fitOf(found) <= fitOf(chosen))) continue;
      chosen = isOther ? { ...found, other: name.parts.map(({ word }) => word) } : found;
    }
    return chosen;
  };
  return {
    agreement(names) {
      let best: Agreement | undefined;
      for (const name of names) {
        best = better(best, name, false, name.couple);
        for (const other of name.others) best = better(best, other, true, false);
        for (const half of name.halves) best = better(best, half, true, false);
      }
      return best;
    },
  };
}

/**
 * Returns the agreement of two names. If only one of them is that of a man's wife ("Mrs. Peter Marlow"), its given names are
 * not hers, so only its family name is compared.
 */
function compareWives(
  reading: Reading,
  name: NameParts,
  readerOf: (word: string) => WordReader,
): Agreement | undefined {
  if (reading.name.sex !== "female" && name.sex !== "female") return compare(reading, name, readerOf);
  const isWife = isWifeOf(reading.name);
  const isOtherWife = isWifeOf(name);
  if (isWife === isOtherWife) return compare(reading, name, readerOf);
  const found = isWife
    ? compare(readingOf(withoutGiven(reading.name), readerOf), name, readerOf)
    : compare(reading, withoutGiven(name), readerOf);
  return found && { ...found, exact: 0 };
}

/** Returns whether a name has a woman's title and a man's given name. */
const isWifeOf = (name: NameParts): boolean => name.sex === "female" && impliedSex(name) === "male";

const withoutGiven = (name: NameParts): NameParts => ({
  ...name,
  parts: name.parts.filter(({ kind }) => kind === "family" || kind === "particle"),
});

function readingOf(name: NameParts, readerOf: (word: string) => WordReader): Reading {
  const words = name.parts.map(({ word }) => word);
  return { name, words, readers: words.map(readerOf) };
}

/** Adjusts the agreement of two names if at least one of them is a couple's name. */
function asCouples(found: Agreement, mention: ParsedName, name: NameParts, isCouple: boolean): Agreement {
  if (!isCouple) return { ...found, exact: 0, extra: Math.min(3, found.extra + 1), words: mention.words };
  if (!mention.couple) return { ...found, exact: 0, otherGiven: 1 };
  return found.exact === 1 ? { ...found, words: name.words } : found;
}

/** One reading of a mention, with the words of its parts and the readers that compare them. */
interface Reading {
  readonly name: NameParts;
  readonly words: readonly string[];
  readonly readers: readonly WordReader[];
}

type WordReader = ReturnType<typeof createWordReader>;

/** Returns how well two names fit each other. Agreements raise the result, and contradictions lower it. */
export function fitOf(a: Agreement): number {
  return (
    2 * a.mention +
    a.name +
    a.family +
    0.5 * a.given +
    0.5 * a.exact +
    3 * a.acronym +
    0.5 * a.sameGeneration -
    a.otherFamily -
    a.otherGiven -
    0.5 * a.otherMiddle -
    a.otherGeneration -
    0.2 * a.extra -
    0.1 * a.reordered
  );
}

const WEIGHT: Readonly<Record<Part["kind"], number>> = { family: 1, given: 1, initial: 0.3, particle: 0.15 };

/** A pair of agreeing words: an index in the mention, an index in the name, and their similarity. */
interface Pair {
  readonly mention: number;
  readonly name: number;
  readonly like: WordLikeness;
}

function compare(
  { name: mention, words, readers }: Reading,
  name: NameParts,
  readerOf: (word: string) => WordReader,
): Agreement | undefined {
  const ours = withTitles(mention, name);
  const theirs = withTitles(name, mention);
  const a = joinedAs(ours, theirs);
  const b = joinedAs(theirs, ours);
  const written = a === mention.parts ? words : a.map(({ word }) => word);
  const pairs = align(a, b, written === words ? readers : written.map(readerOf));
  if (isAcronym(written, name.words)) return acronymOf(written);
  if (pairs.length === 0) return undefined;
  const left = unpaired(a, pairs, "mention");
  const missing = unpaired(b, pairs, "name");
  const clash = left.names + left.initials > 0 && missing.names + missing.initials > 0;
  const stated = mention.generation;
  const known = name.generation;
  let family = 0;
  let given = 0;
  let firstAgrees = false;
  let counted = 0;
  let exact = left.all === 0 && missing.all === 0;
  const kinds = { initial: 0, nickname: 0, spelling: 0, typo: 0 };
  let reordered = 0;
  let before = -1;
  for (const { mention: i, name: j, like } of pairs) {
    const { score, kind } = like;
    const part = b[j]!.kind;
    if (part === "family") family = Math.max(family, score);
    else if (part !== "particle") {
      given = Math.max(given, score);
      if (a[i]!.kind !== "family") firstAgrees = true;
    }
    if (j < before) reordered = 1;
    before = j;
    if (part === "particle") continue;
    counted += 1;
    if (score < MIN_EXACT) exact = false;
    if (kind === "inflected") kinds.spelling += 1;
    else if (kind !== "same" && kind !== "none") kinds[kind] += 1;
  }
  const share = (count: number): number => (counted === 0 ? 0 : count / counted);
  const swapped = exact && reordered === 1 && areGivenNames(a) && areGivenNames(b);
  return {
    family,
    given,
    mention: left.covered,
    name: missing.covered,
    otherFamily: Number(missing.families > 0 && (left.families > 0 || hasFamilyAsTitle(mention, b))),
    otherGiven: Number((clash && !firstAgrees) || swapped),
    otherMiddle: Number(clash && firstAgrees),
    extra: Math.max(
      0,
      Math.min(3, left.names + (left.families > 0 && missing.families === 0 ? left.families : 0)) -
        (clash ? 1 : 0),
    ),
    sameGeneration: Number(stated !== undefined && stated === known),
    otherGeneration: Number(stated !== undefined && known !== undefined && stated !== known),
    generationInMention: Number(stated !== undefined && known === undefined),
    generationInName: Number(stated === undefined && known !== undefined),
    givenOnly: Number(family === 0 && given > 0),
    initials: share(kinds.initial),
    nicknames: share(kinds.nickname),
    spellings: share(kinds.spelling),
    typos: share(kinds.typo),
    reordered,
    acronym: 0,
    exact: Number(exact && !swapped),
    words: spelled(written, b, pairs, mention, name),
  };
}

/** Returns whether a title of the mention is the family name of a name: "King Stephen" and "Stephen King". */
function hasFamilyAsTitle({ titles }: NameParts, parts: readonly Part[]): boolean {
  if (titles.length === 0 || parts.length < 2) return false;
  return parts.some(({ word, kind }) => kind === "family" && titles.includes(word));
}

/** Returns whether a name consists of two words that are common given names: "Henry Thomas", "Thomas Henry". */
const areGivenNames = (parts: readonly Part[]): boolean =>
  parts.length === 2 && parts.every(({ word }) => sexOfGivenName(word) !== undefined);

/** Minimum similarity of each pair of words in names that count as exactly the same. */
const MIN_EXACT = 0.95;

function acronymOf(words: readonly string[]): Agreement {
  return {
    family: 0,
    given: 0,
    mention: 0,
    name: 0,
    otherFamily: 0,
    otherGiven: 0,
    otherMiddle: 0,
    extra: 0,
    sameGeneration: 0,
    otherGeneration: 0,
    generationInMention: 0,
    generationInName: 0,
    givenOnly: 0,
    initials: 0,
    nicknames: 0,
    spellings: 0,
    typos: 0,
    reordered: 0,
    exact: 0,
    acronym: 1,
    words,
  };
}

/**
 * Numbers of words that are not in a pair: in total, and for given names, initials and family names. `covered` is the
 * weighted share of the words that agree.
 */
interface Unpaired {
  all: number;
  names: number;
  initials: number;
  families: number;
  covered: number;
}

function unpaired(parts: readonly Part[], pairs: readonly Pair[], side: "mention" | "name"): Unpaired {
  const counts = { given: 0, initial: 0, particle: 0, family: 0 };
  let all = 0;
  for (const { kind } of parts) {
    counts[kind] += 1;
    all += WEIGHT[kind];
  }
  let agreeing = 0;
  for (const pair of pairs) {
    const { kind } = parts[pair[side]]!;
    counts[kind] -= 1;
    agreeing += WEIGHT[kind] * pair.like.score;
  }
  return {
    all: parts.length - pairs.length,
    names: counts.given,
    initials: counts.initial,
    families: counts.family,
    covered: all === 0 ? 0 : agreeing / all,
  };
}

/** Returns the field `words` of an agreement. A generation is added only if both names state one. */
function spelled(
  written: readonly string[],
  b: readonly Part[],
  pairs: readonly Pair[],
  mention: NameParts,
  name: NameParts,
): readonly string[] {
  const isSpelled = ({ like: { kind } }: Pair): boolean => kind === "inflected" || kind === "spelling";
  const hasSuffix = mention.generation !== undefined && name.generation !== undefined;
  if (!hasSuffix && !pairs.some(isSpelled)) return written;
  const words = [...written];
  for (const pair of pairs) if (isSpelled(pair)) words[pair.mention] = b[pair.name]!.word;
  return hasSuffix ? [...words, ...(mention.generation === name.generation ? name : mention).suffix] : words;
}

/**
 * Returns the parts of a name. Words of its titles that the other name also contains are added at the start, as for
 * "Lady Gaga". The title of "King Stephen" is not the family name of "Stephen King".
 */
function withTitles({ parts, titles }: NameParts, other: NameParts): readonly Part[] {
  if (titles.length === 0) return parts;
  const shared: Part[] = [];
  for (const title of titles)
    for (const word of title.split(" "))
      if (hasTitleWord(other, word) || other.parts.some((part) => isTitleOf(part, word, other)))
        shared.push({ word, kind: "particle" });
  return shared.length === 0 ? parts : [...shared, ...parts];
}

/**
 * Returns the parts of a name, with two words written as one if the other name writes them so: "De Niro" for "DeNiro".
 * Returns `parts` itself if there are no such words.
 */
function joinedAs(parts: readonly Part[], others: readonly Part[]): readonly Part[] {
  for (let index = 1; index < parts.length; index++) {
    const first = parts[index - 1]!.word;
    const second = parts[index]!;
    const length = first.length + second.word.length;
    for (const { word } of others)
      if (word.length === length && word.startsWith(first) && word.endsWith(second.word))
        return parts.toSpliced(index - 1, 2, { word, kind: second.kind });
  }
  return parts;
}

const hasTitleWord = ({ titles }: NameParts, word: string): boolean =>
  titles.some((title) => title.split(" ").some((other) => isSameTitle(other, word)));

const isTitleOf = ({ word, kind }: Part, title: string, { parts }: NameParts): boolean =>
  (kind !== "family" || parts.length === 1) && isSameTitle(word, title);

const isSameTitle = (a: string, b: string): boolean => a === b || abbreviationsOf(a)?.includes(b) === true;

/** Returns whether a mention such as "UNESCO" or "U.N.E.S.C.O." consists of the initials of a name. */
function isAcronym(mention: readonly string[], name: readonly string[]): boolean {
  if (name.length < 3) return false;
  const letters =
    mention.length === 1 ? mention[0]! : mention.every((word) => word.length === 1) ? mention.join("") : "";
  return letters.length > 2 && letters.length <= name.length && acronymsOf(name).includes(letters);
}

/** Pairs each word of the mention with at most one word of the name; more similar words are paired first. */
function align(a: readonly Part[], b: readonly Part[], readers: readonly WordReader[]): readonly Pair[] {
  const possible: (Pair & { readonly rank: number })[] = [];
  for (let mention = 0; mention < a.length; mention++)
    for (let name = 0; name < b.length; name++) {
      const like = readers[mention]!(b[name]!.word);
      if (like.score === 0) continue;
      const sameKind = (a[mention]!.kind === "family") === (b[name]!.kind === "family");
      const rank = like.score + (sameKind ? 0.05 : 0) - Math.abs(mention - name) / 1000;
      possible.push({ mention, name, like, rank });
    }
  if (possible.length < 2) return possible;
  possible.sort((x, y) => y.rank - x.rank || x.mention - y.mention || x.name - y.name);
  const pairs: Pair[] = [];
  for (const next of possible)
    if (!pairs.some(({ mention, name }) => mention === next.mention || name === next.name)) pairs.push(next);
  return pairs.sort((x, y) => x.mention - y.mention);
}

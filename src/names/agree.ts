import { acronymsOf } from "./acronyms.js";
import { type WordLikeness, wordLikeness } from "./likeness.js";
import type { NameParts, ParsedName, Part } from "./parse.js";

/** Agreements and differences between a mention and a name. No number is negative; a number is 0 if nothing is known. */
export interface Agreement {
  /** Similarity of the family names: 1 if they are the same, 0 if they differ or one is missing. */
  readonly family: number;
  /** Similarity of the given names, including initials. */
  readonly given: number;
  /**
   * Weighted share of the words that agree: in the mention (`mention`), and in the entity's name (`name`). Particles have a
   * low weight.
   */
  readonly mention: number;
  readonly name: number;
  /** 1 if each of the two names contains a family name that the other does not contain. */
  readonly otherFamily: number;
  /**
   * Two flags for names whose given names do not agree. `otherGiven` is 1 if none of the given names agree. `otherMiddle` is
   * 1 if at least one agrees but others do not.
   */
  readonly otherGiven: number;
  readonly otherMiddle: number;
  /**
   * Number of words in the mention that could be first names but do not occur in the entity's name; capped at 3. If
   * `otherGiven` or `otherMiddle` is 1, one word fewer is counted.
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
  /** 1 if all words of both names agree. */
  readonly exact: number;
  /** 1 if the mention is an acronym of the name. */
  readonly acronym: number;
}

/** Compares one mention with many names. */
export interface NameReader {
  /** Compares the mention with all names of an entity. Returns the agreement with the name that fits best. */
  agreement(names: readonly ParsedName[]): Agreement;
}

/** Creates a reader for a mention. The reader compares each pair of words only once. */
export function createNameReader(mention: ParsedName): NameReader {
  const known = new Map<string, WordLikeness>();
  const like = (form: string, word: string): WordLikeness => {
    const key = `${form} ${word}`;
    const found = known.get(key) ?? wordLikeness(form, word);
    known.set(key, found);
    return found;
  };
  const readings = [mention, ...mention.others];
  return {
    agreement(names) {
      let best = NOTHING;
      let most = Number.NEGATIVE_INFINITY;
      for (const name of names)
        for (const written of [name, ...name.others])
          for (const reading of readings) {
            const found = compare(reading, written, like);
            const fit = fitOf(found);
            if (fit > most) [best, most] = [found, fit];
          }
      return best;
    },
  };
}

const NOTHING: Agreement = {
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
  acronym: 0,
};

/** Returns how well two names fit each other. Agreements raise the result, and contradictions lower it. */
function fitOf(a: Agreement): number {
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

const WEIGHT: Readonly<Record<Part["kind"], number>> = { family: 1, given: 1, initial: 0.5, particle: 0.15 };

/** A pair of agreeing words. */
interface Pair {
  readonly mention: number;
  readonly name: number;
  readonly like: WordLikeness;
}

function compare(
  mention: NameParts,
  name: NameParts,
  like: (form: string, word: string) => WordLikeness,
): Agreement {
  const a = withTitles(mention, name);
  const b = withTitles(name, mention);
  const pairs = align(a, b, like);
  if (isAcronym(a, b)) return { ...NOTHING, acronym: 1 };
  if (pairs.length === 0) return NOTHING;
  const inMention = new Set(pairs.map((pair) => pair.mention));
  const inName = new Set(pairs.map((pair) => pair.name));
  const left = a.filter((_, index) => !inMention.has(index));
  const missing = b.filter((_, index) => !inName.has(index));
  const best = (kinds: readonly Part["kind"][]): number =>
    pairs.reduce(
      (most, pair) => (kinds.includes(b[pair.name]!.kind) ? Math.max(most, pair.like.score) : most),
      0,
    );
  const family = best(["family"]);
  const given = best(["given", "initial"]);
  const names = (parts: readonly Part[]): number =>
    parts.filter(({ kind }) => kind === "given" || kind === "initial").length;
  const families = (parts: readonly Part[]): number => parts.filter(({ kind }) => kind === "family").length;
  const clash = names(left) > 0 && names(missing) > 0;
  const firstAgrees = pairs.some(
    (pair) => a[pair.mention]!.kind !== "family" && b[pair.name]!.kind !== "family",
  );
  const counted = pairs.filter((pair) => b[pair.name]!.kind !== "particle");
  const share = (kind: WordLikeness["kind"]): number =>
    counted.length === 0 ? 0 : counted.filter((pair) => pair.like.kind === kind).length / counted.length;
  const order = pairs.map((pair) => pair.name);
  return {
    family,
    given,
    mention: covered(a, pairs, "mention"),
    name: covered(b, pairs, "name"),
    otherFamily: Number(families(left) > 0 && families(missing) > 0),
    otherGiven: Number(clash && !firstAgrees),
    otherMiddle: Number(clash && firstAgrees),
    extra:
      Math.min(3, names(left) + (families(left) > 0 && families(missing) === 0 ? families(left) : 0)) -
      (clash ? 1 : 0),
    ...generations(mention, name),
    givenOnly: Number(family === 0 && given > 0),
    initials: share("initial"),
    nicknames: share("nickname"),
    spellings: share("spelling") + share("inflected"),
    typos: share("typo"),
    reordered: Number(order.some((place, index) => index > 0 && place < order[index - 1]!)),
    acronym: 0,
    exact: Number(
      left.length === 0 && missing.length === 0 && counted.every((pair) => pair.like.score >= 0.95),
    ),
  };
}

function generations(
  { generation: a }: NameParts,
  { generation: b }: NameParts,
): Pick<Agreement, "sameGeneration" | "otherGeneration" | "generationInMention" | "generationInName"> {
  return {
    sameGeneration: Number(a !== undefined && a === b),
    otherGeneration: Number(a !== undefined && b !== undefined && a !== b),
    generationInMention: Number(a !== undefined && b === undefined),
    generationInName: Number(a === undefined && b !== undefined),
  };
}

/**
 * Returns the parts of a name. Words of its titles that the other name also contains are added at the start, as for "Lady
 * Gaga".
 */
function withTitles({ parts, titles }: NameParts, other: NameParts): readonly Part[] {
  if (titles.length === 0) return parts;
  const shared = titles
    .flatMap((title) => title.split(" "))
    .filter(
      (word) =>
        other.titles.some((title) => title.split(" ").includes(word)) ||
        other.parts.some((part) => part.word === word),
    );
  return shared.length === 0
    ? parts
    : [...shared.map((word): Part => ({ word, kind: "particle" })), ...parts];
}

/** Returns whether a mention such as "UNESCO" or "U.N.E.S.C.O." consists of the initials of a name. */
function isAcronym(mention: readonly Part[], name: readonly Part[]): boolean {
  if (name.length < 3) return false;
  const letters =
    mention.length === 1
      ? mention[0]!.word
      : mention.every(({ word }) => word.length === 1)
        ? mention.map(({ word }) => word).join("")
        : "";
  return letters.length > 2 && acronymsOf(name.map(({ word }) => word)).includes(letters);
}

/** Pairs each word of the mention with at most one word of the name; more similar words are paired first. */
function align(
  a: readonly Part[],
  b: readonly Part[],
  like: (form: string, word: string) => WordLikeness,
): Pair[] {
  const possible: (Pair & { readonly rank: number })[] = [];
  for (const [mention, part] of a.entries())
    for (const [name, other] of b.entries()) {
      const found = like(part.word, other.word);
      if (found.score === 0) continue;
      const sameKind = (part.kind === "family") === (other.kind === "family");
      possible.push({
        mention,
        name,
        like: found,
        rank: found.score + (sameKind ? 0.05 : 0) - Math.abs(mention - name) / 1000,
      });
    }
  possible.sort((x, y) => y.rank - x.rank || x.mention - y.mention || x.name - y.name);
  const usedMention = new Set<number>();
  const usedName = new Set<number>();
  const pairs = possible.filter((pair) => {
    if (usedMention.has(pair.mention) || usedName.has(pair.name)) return false;
    usedMention.add(pair.mention);
    usedName.add(pair.name);
    return true;
  });
  return pairs.sort((x, y) => x.mention - y.mention);
}

function covered(parts: readonly Part[], pairs: readonly Pair[], side: "mention" | "name"): number {
  const all = parts.reduce((sum, { kind }) => sum + WEIGHT[kind], 0);
  const found = pairs.reduce((sum, pair) => sum + WEIGHT[parts[pair[side]]!.kind] * pair.like.score, 0);
  return all === 0 ? 0 : found / all;
}

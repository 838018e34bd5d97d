import type { Caption, Mention } from "../../core/index.js";
import {
  AND_WORDS,
  BOTH_WORDS,
  type EntityKind,
  type FoundRole,
  fold,
  hanPairs,
  KIN_WORDS,
  kindOfType,
  type Life,
  lifeIn,
  type NameReader,
  type ParsedName,
  PLACE_WORDS,
  readKnownMention,
  rolesIn,
  rolesOfTitles,
  rolesOfType,
  type TitleRoles,
  wordsOf,
} from "../../names/index.js";
import { type Range, rangeOf, split, type Word } from "./caption-words.js";
import { titlesBefore, withTitles } from "./mention-titles.js";
import { numeralIn } from "./name-parts.js";
import { FEMALE_WORDS, MALE_WORDS, STOP_WORDS, TOPICS, topicsOf } from "./word-lists.js";

/** Facts about a caption that the features use, computed once per caption. */
export interface CaptionFacts {
  readonly text: string;
  readonly words: readonly Word[];
  /**
   * `ranges[i]` contains the range of the words of mention i, followed by the ranges of its repeats. `start` is −1 if
   * the text does not contain the mention.
   */
  readonly ranges: readonly (readonly Range[])[];
  /** For each word that occurs only in mentions and their repeats, the indices of these mentions. */
  readonly mentionsOf: ReadonlyMap<string, ReadonlySet<number>>;
  /** The roles named in the text outside the mentions and their repeats ("actress", "Fluss"). */
  readonly roles: readonly FoundRole[];
  /** The life dates that the text states for each mention (see `livesIn`). */
  readonly lives: readonly Life[];
  /** The caption's topics, as indices into TOPICS. */
  readonly topics: readonly number[];
  /**
   * Whether the caption suggests that its picture shows a work, such as a painting, print or memorial. The caption's
   * years may then be the years of the work.
   */
  readonly artefact: boolean;
  /** The first MAX_YEARS distinct years. A decade or century counts as its middle year. */
  readonly years: readonly number[];
}

/** Facts about a mention and its context that the features use. */
export interface MentionFacts {
  readonly tokens: readonly string[];
  readonly parsed: ParsedName;
  /** Compares the mention with names of candidates. */
  readonly reader: NameReader;
  /** The life dates that the caption states for the mention. */
  readonly life: Life;
  /** The occupations that the mention's titles suggest; undefined if they suggest none. */
  readonly titleRoles: TitleRoles | undefined;
  /** `beside`: the roles near the mention or in its type. `elsewhere`: all other roles in the caption. */
  readonly beside: readonly FoundRole[];
  readonly elsewhere: readonly FoundRole[];
  /** Whether the mention follows a word such as "in" or "at". */
  readonly placed: boolean;
  /** The kind that the mention's type denotes. */
  readonly type: EntityKind | undefined;
  /**
   * The folded mention with its context. Each word has a space on both sides, so that `includes` can search for
   * complete words.
   */
  readonly text: string;
  /** The folded words around the mention, without the mention itself. */
  readonly around: ReadonlySet<string>;
  /**
   * The words in `around` that have more than one letter and are not stop words, and the pairs of Han characters and
   * kana around the mention (see `hanPairs`).
   */
  readonly content: readonly string[];
  /** Returns whether a word of the caption occurs only in other mentions. */
  readonly isInOtherNames: (word: string) => boolean;
  /**
   * The folded words directly after the mention that qualify it: "vale county" in "Yarton, Vale County" or "Yarton
   * (Vale County)".
   */
  readonly qualifier: string | undefined;
  /** The two words before the mention, nearest first. Fewer at the start of the caption. */
  readonly before: readonly Word[];
  /** The two words after the mention, nearest first. Fewer at the end of the caption. */
  readonly after: readonly Word[];
  /** The number in or directly after the mention: "XIV" in "Louis XIV". */
  readonly numeral: string | undefined;
  /** Gender implied by the two words before the mention and before each repeat: 1 female, −1 male, 0 none or a tie. */
  readonly genderBefore: number;
  /** Gender implied by all words around the mention, with the same values as `genderBefore`. */
  readonly genderAround: number;
}

/** Number of words on each side of a mention that count as its context. A typical caption is shorter. */
const WINDOW = 100;
const MAX_YEARS = 8;
const ARTEFACTS = ["memorial", "print", "painting"].map((topic) =>
  TOPICS.indexOf(topic as (typeof TOPICS)[number]),
);

/** Extracts the facts about a caption that the features use. */
export function readCaption(caption: Caption): CaptionFacts {
  const named = caption.mentions.flatMap((mention) => [mention, ...(mention.repeats ?? [])]);
  const names = new Set(named.map(({ text }) => fold(text)));
  const words = split(caption.text).map((word) => (names.has(word.text) ? { ...word, name: true } : word));
  const found = new Set(words.flatMap((word) => (word.name ? [] : topicsOf(word.text))));
  const topics = [...found].sort((a, b) => a - b);
  const ranges = caption.mentions.map((mention) =>
    [mention, ...(mention.repeats ?? [])].map((place) => rangeOf(words, place)),
  );
  const all = ranges.flat();
  return {
    text: caption.text,
    words,
    ranges,
    mentionsOf: mentionsOfWords(words, ranges),
    roles: rolesIn(words.map(({ text }) => text)).filter(
      ({ start, end }) => !all.some((range) => start < range.end && end > range.start),
    ),
    lives: livesIn(caption.text, words, ranges),
    topics,
    artefact: ARTEFACTS.some((topic) => topics.includes(topic)),
    years: [...new Set(yearsIn(words.map((word) => word.text)))].slice(0, MAX_YEARS),
  };
}

/** Maximum length of the text after or before a mention that is searched for its life dates, in UTF-16 code units. */
const LIFE_WINDOW = 120;

/**
 * Reads the life dates of each mention from the text between the mention, or one of its repeats, and the next mention.
 * Dates after several joined mentions hold for each of them if a word such as "both" says so ("A and B, both born in
 * 1905"). If the caption has a single mention without repeats and no date follows it, reads the text before the
 * mention.
 */
function livesIn(text: string, words: readonly Word[], ranges: CaptionFacts["ranges"]): Life[] {
  if (!/\d/.test(text)) return ranges.map(() => ({}));
  const all = ranges.flat();
  const starts = all.filter(({ start }) => start >= 0).map(({ start }) => words[start]!.start);
  const textAfter = (from: number): string =>
    untilOtherName(
      text.slice(from, Math.min(from + LIFE_WINDOW, ...starts.filter((other) => other >= from))),
    );
  const joined = joinedEnds(
    all.flatMap(({ start, end }) => (start < 0 ? [] : (words[end - 1]?.end ?? []))),
    textAfter,
  );
  const lifeAt = ({ start, end }: Range): Life => {
    const from = words[end - 1]?.end;
    if (start < 0 || from === undefined) return {};
    const life = lifeIn(textAfter(joined.get(from) ?? from));
    if (life.birth !== undefined || life.death !== undefined || all.length > 1) return life;
    const first = words[start]!.start;
    return lifeIn(text.slice(Math.max(0, first - LIFE_WINDOW), first));
  };
  return ranges.map((places) => Object.assign({}, ...places.map(lifeAt).toReversed()) as Life);
}

/** Returns the text until "and" with a name that is no mention: nothing of " and Ada Holm (1903–1980)". */
function untilOtherName(text: string): string {
  const found = /^[\s,]*([\p{L}&]+)\s+\p{Lu}\p{Ll}/u.exec(text);
  const isOther = found !== null && AND_WORDS.has(found[1] === "&" ? "&" : fold(found[1]!));
  return isOther && !wordsOf(text).some((_, at, words) => isForBoth(words.slice(at))) ? "" : text;
}

/**
 * Finds mentions that are joined and followed by a word such as "both" ("A and B, both …"). Maps the end of each joined
 * mention except the last to the end of the last. `textAfter` returns the text between an end and the next mention.
 */
function joinedEnds(
  ends: readonly number[],
  textAfter: (end: number) => string,
): ReadonlyMap<number, number> {
  const joined = new Map<number, number>();
  let last: number | undefined;
  for (const end of ends.toSorted((a, b) => b - a)) {
    const words = wordsOf(textAfter(end));
    const joins = words.length === 0 || (words.length === 1 && AND_WORDS.has(words[0]!));
    if (!joins) last = isForBoth(words) ? end : undefined;
    else if (last !== undefined) joined.set(end, last);
  }
  return joined;
}

/**
 * Returns whether a word or phrase such as "both" starts at the first or second of the given words, as in "both born in
 * 1905" or "were both born in 1905".
 */
const isForBoth = (words: readonly string[]): boolean =>
  [0, 1].some((start) =>
    [1, 2, 3, 4].some((length) => BOTH_WORDS.has(words.slice(start, start + length).join(" "))),
  );

/** A role counts as next to a mention if fewer than this many words are between them. */
const BESIDE = 3;

/**
 * Extracts the facts about a mention that the features use. `facts` are the facts about its caption, and `index` is the
 * mention's index in the caption.
 */
export function readMention(facts: CaptionFacts, mention: Mention, index: number): MentionFacts {
  const tokens = split(mention.text).map((word) => word.text);
  const places = facts.ranges[index]!;
  const { start, end } = places[0]!;
  const left = facts.words.slice(Math.max(0, start - WINDOW), Math.max(0, start));
  const right = facts.words.slice(end, end + WINDOW);
  const around = new Set([...left, ...right].map((word) => word.text));
  const before = left.slice(-2).reverse();
  const after = start < 0 ? [] : right.slice(0, 2);
  const { parsed, reader } = readKnownMention(mention.text);
  const titles = titlesBefore(facts, places[0]!);
  const titled = withTitles(parsed, mention.repeats, titles);
  const text = ` ${[...left, ...facts.words.slice(Math.max(0, start), end), ...right].map((word) => word.text).join(" ")} `;
  const content = [...around].filter((word) => word.length > 1 && !STOP_WORDS.has(word));
  const pairs = hanPairs(without(tokens, text)).slice(0, MAX_PAIRS);
  const isBeside = (role: FoundRole): boolean => places.some((place) => isNextTo(role, place, facts));
  return {
    tokens,
    parsed: titled,
    titleRoles: rolesOfTitles([...new Set([...titled.titles, ...titles])]),
    reader,
    life: {
      ...facts.lives[index],
      ...((parsed.birth ?? parsed.death) !== undefined && lifeIn(mention.text)),
    },
    beside: [
      ...facts.roles.filter(isBeside),
      ...(mention.type === undefined ? [] : rolesOfType(mention.type)),
    ],
    elsewhere: facts.roles.filter((role) => !isBeside(role)),
    placed: before[0] !== undefined && PLACE_WORDS.has(before[0].text),
    type: mention.type === undefined ? undefined : kindOfType(mention.type),
    text,
    around,
    content: pairs.length === 0 ? content : [...new Set([...content, ...pairs])],
    isInOtherNames: (word) => facts.mentionsOf.get(word)?.has(index) === false,
    qualifier: qualifierAfter(facts, places[0]!),
    before,
    after,
    numeral: numeralIn([...tokens, after[0]?.text ?? ""]),
    genderBefore: gender([...before, ...beforeRepeats(facts, places)]),
    genderAround: gender([...left, ...withoutRelatives(right)]),
  };
}

/** Returns, for each word that occurs only in mentions and their repeats, the indices of these mentions. */
function mentionsOfWords(
  words: readonly Word[],
  ranges: CaptionFacts["ranges"],
): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  const inside = new Set<number>();
  ranges.forEach((places, mention) => {
    for (const { start, end } of places)
      for (let at = Math.max(0, start); at < end; at++) {
        inside.add(at);
        const { text } = words[at]!;
        found.set(text, (found.get(text) ?? new Set()).add(mention));
      }
  });
  words.forEach(({ text }, at) => {
    if (!inside.has(at)) found.delete(text);
  });
  return found;
}

/** Matches a qualifier at the start of the text after a mention. */
const QUALIFIER = /^\s?[,(]\s*([^,;()[\].:]{2,60})/;

function qualifierAfter({ text, words }: CaptionFacts, { start, end }: Range): string | undefined {
  const last = start < 0 ? undefined : words[end - 1];
  const found = last && QUALIFIER.exec(text.slice(last.end, last.end + 70));
  return found?.[1] === undefined ? undefined : fold(found[1]) || undefined;
}

/** Maximum number of pairs of Han characters and kana in the context of a mention. */
const MAX_PAIRS = 400;

/** Replaces each occurrence of the words in a text with a space, even inside longer words. */
const without = (words: readonly string[], text: string): string =>
  words.reduce((rest, word) => rest.replaceAll(word, " "), text);

/** Returns up to two words before each repeat of a mention. */
const beforeRepeats = ({ words }: CaptionFacts, [, ...repeats]: readonly Range[]): readonly Word[] =>
  repeats.flatMap(({ start }) => (start < 0 ? [] : words.slice(Math.max(0, start - 2), start)));

/**
 * Returns whether there are fewer than `BESIDE` words, and no other mention, between a role and an occurrence of a
 * mention. A role directly before another mention belongs to that mention: "Ada Holm and actor Karl Lund".
 */
function isNextTo(role: FoundRole, { start, end }: Range, { text, words, ranges }: CaptionFacts): boolean {
  const distance = role.end <= start ? start - role.end : role.start - end;
  if (start < 0 || distance >= BESIDE) return false;
  const isBefore = (other: Range): boolean =>
    role.start >= end &&
    other.start === role.end &&
    /^\.?\s+$/u.test(text.slice(words[role.end - 1]!.end, words[other.start]!.start));
  return !ranges
    .flat()
    .some(
      (other) =>
        isBefore(other) ||
        (other.start >= Math.min(role.end, end) && other.end <= Math.max(role.start, start)),
    );
}

/** Possessive pronouns, folded. Source: the tables of `names/languages/`, and general knowledge. */
const POSSESSIVES: ReadonlySet<string> = new Set(
  (
    "his her their sein seine seiner seinem seinen ihr ihre ihrer ihrem ihren son sa ses leur su sus suo sua seu zijn haar jego jej jeho " +
    "její его ее её його її hans hendes hennes"
  )
    .split(" ")
    .map(fold),
);

/** Returns the words without the relatives of another person: "wife" in "Ada Holm and his wife". */
const withoutRelatives = (words: readonly Word[]): readonly Word[] =>
  words.filter(({ text }, at) => !(KIN_WORDS.has(text) && POSSESSIVES.has(words[at - 1]?.text ?? "")));

function gender(words: readonly Word[]): number {
  let sum = 0;
  for (const { text, name } of words)
    if (!name) sum += Number(FEMALE_WORDS.has(text)) - Number(MALE_WORDS.has(text));
  return Math.sign(sum);
}

/** Words that mark a following three-digit number as a year. */
const DATING = new Set(["in", "ad", "circa", "c", "ca", "around", "about", "year"]);

function yearsIn(words: readonly string[]): number[] {
  return words.flatMap((word, index) => {
    if (!/^\d/.test(word)) return [];
    const next = words[index + 1] ?? "";
    if (/^\d{1,4}$/.test(word) && /^bce?$/.test(next)) return [-Number(word)];
    if (/^(?:1\d{3}|20\d\d)$/.test(word)) return [Number(word)];
    if (/^(?:1\d|20)\d0s$/.test(word)) return [Number.parseInt(word, 10) + 5];
    if (/^\d{1,2}(?:st|nd|rd|th)$/.test(word) && next === "century")
      return [Number.parseInt(word, 10) * 100 - 50];
    return /^[3-9]\d\d$/.test(word) && DATING.has(words[index - 1] ?? "") ? [Number(word)] : [];
  });
}

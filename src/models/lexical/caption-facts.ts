import type { Caption, Mention } from "../../core/index.js";
import { fold } from "../../names/index.js";
import { numeralIn } from "./name-parts.js";
import { FEMALE_WORDS, MALE_WORDS, STOP_WORDS, TOPICS, topicsOf } from "./word-lists.js";

/** A word of a caption. */
interface Word {
  /** The folded word. */
  readonly text: string;
  /** Whether the word starts with a capital letter. */
  readonly capital: boolean;
  /** Start of the word in the caption's text, in UTF-16 code units. */
  readonly start: number;
  /**
   * Whether a mention consists of just this word ("King", "Queen"). The word then indicates neither a topic nor a gender.
   */
  readonly name: boolean;
}

/** Facts about a caption that the features use, computed once per caption. */
export interface CaptionFacts {
  readonly words: readonly Word[];
  /** The caption's topics, as indices into TOPICS. */
  readonly topics: readonly number[];
  /**
   * Whether the picture shows a work that depicts a person, such as a portrait, print or memorial. The caption's years may
   * then be the years of the work.
   */
  readonly artefact: boolean;
  /** The first MAX_YEARS distinct years. A decade or century counts as its middle year. */
  readonly years: readonly number[];
}

/** Facts about a mention and its context that the features use. */
export interface MentionFacts {
  readonly tokens: readonly string[];
  readonly folded: string;
  /** The folded mention with its context. Each word has a space on both sides, so that `includes` finds complete names. */
  readonly text: string;
  /** The folded words around the mention, without the mention's words. */
  readonly around: ReadonlySet<string>;
  /** The words in `around` that have more than one letter and are not stop words. */
  readonly content: readonly string[];
  /** The two words before the mention, nearest first. Fewer at the start of the caption. */
  readonly before: readonly Word[];
  /** The two words after the mention, nearest first. Fewer at the end of the caption. */
  readonly after: readonly Word[];
  /** The number in or directly after the mention: "XIV" in "Louis XIV". */
  readonly numeral: string | undefined;
  /** Gender of the two words before the mention: 1 female, −1 male, 0 neither or both. */
  readonly genderBefore: number;
  /** Gender of all words around the mention, with the same values as `genderBefore`. */
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
  const names = new Set(caption.mentions.map(({ text }) => fold(text)));
  const words = split(caption.text).map((word) => (names.has(word.text) ? { ...word, name: true } : word));
  const found = new Set(words.flatMap((word) => (word.name ? [] : topicsOf(word.text))));
  const topics = TOPICS.flatMap((topic, index) => (found.has(topic) ? [index] : []));
  return {
    words,
    topics,
    artefact: ARTEFACTS.some((topic) => topics.includes(topic)),
    years: [...new Set(yearsIn(words.map((word) => word.text)))].slice(0, MAX_YEARS),
  };
}

/** Extracts the facts about a mention that the features use. `facts` are the facts about its caption. */
export function readMention(facts: CaptionFacts, mention: Mention): MentionFacts {
  const tokens = split(mention.text).map((word) => word.text);
  const start = startOf(facts.words, mention, tokens);
  const end = endOf(facts.words, mention, start, tokens.length);
  const left = facts.words.slice(Math.max(0, start - WINDOW), Math.max(0, start));
  const right = facts.words.slice(end, end + WINDOW);
  const around = new Set([...left, ...right].map((word) => word.text));
  const before = left.slice(-2).reverse();
  const after = start < 0 ? [] : right.slice(0, 2);
  return {
    tokens,
    folded: tokens.join(" "),
    text: ` ${[...left, ...facts.words.slice(Math.max(0, start), end), ...right].map((word) => word.text).join(" ")} `,
    around,
    content: [...around].filter((word) => word.length > 1 && !STOP_WORDS.has(word)),
    before,
    after,
    numeral: numeralIn([...tokens, after[0]?.text ?? ""]),
    genderBefore: gender(before),
    genderAround: gender([...left, ...right]),
  };
}

function split(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: written, index: start } of text.matchAll(/[\p{L}\p{M}\p{N}$+]+/gu)) {
    const capital = /^\p{Lu}/u.test(written);
    for (const part of fold(written).split(" "))
      if (part !== "") words.push({ text: part, capital, start, name: false });
  }
  return words;
}

/** Returns the index of the mention's first word in the caption, or −1 if the mention is not found. */
function startOf(words: readonly Word[], { span }: Mention, tokens: readonly string[]): number {
  if (span !== undefined) return words.findIndex(({ start }) => start >= span.start);
  return words.findIndex(
    (_, at) => tokens.length > 0 && tokens.every((token, offset) => words[at + offset]?.text === token),
  );
}

function endOf(words: readonly Word[], { span }: Mention, start: number, length: number): number {
  if (start < 0) return 0;
  let end = start + (span === undefined ? length : 0);
  while (span !== undefined && (words[end]?.start ?? Infinity) < span.end) end++;
  return end;
}

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
    const next = words[index + 1] ?? "";
    if (/^\d{1,4}$/.test(word) && /^bce?$/.test(next)) return [-Number(word)];
    if (/^(?:1\d{3}|20\d\d)$/.test(word)) return [Number(word)];
    if (/^(?:1\d|20)\d0s$/.test(word)) return [Number.parseInt(word, 10) + 5];
    if (/^\d{1,2}(?:st|nd|rd|th)$/.test(word) && next === "century")
      return [Number.parseInt(word, 10) * 100 - 50];
    return /^[3-9]\d\d$/.test(word) && DATING.has(words[index - 1] ?? "") ? [Number(word)] : [];
  });
}

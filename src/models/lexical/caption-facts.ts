import type { Caption, Mention } from "../../core/index.js";
import { fold } from "../../names/index.js";
import { numeralIn } from "./name-parts.js";
import { FEMALE_WORDS, MALE_WORDS, STOP_WORDS, TOPICS, topicsOf } from "./word-lists.js";

/** A word of a caption. */
export interface Word {
  /** Folded. */
  readonly text: string;
  readonly capital: boolean;
  /** Where it is written. */
  readonly start: number;
  /** Whether it is a mention by itself ("King", "Queen"): then it says nothing else. */
  readonly name: boolean;
}

/** What the features need of a caption, read once. */
export interface CaptionFacts {
  readonly words: readonly Word[];
  /** Indices into TOPICS. */
  readonly topics: readonly number[];
  /** Picture of a thing that shows a person: portrait, print, memorial. The years may be of the thing. */
  readonly artefact: boolean;
  /** The first years named, at most MOST_YEARS; decades and centuries by their middle. */
  readonly years: readonly number[];
}

/** What the features need of one mention in its caption. */
export interface MentionFacts {
  readonly tokens: readonly string[];
  readonly folded: string;
  /** The words near it and itself with a space before, between and behind, to look whole names up. */
  readonly text: string;
  /** The folded words near it, outside of it. */
  readonly around: ReadonlySet<string>;
  /** Those that are no stop words: what the caption tells. */
  readonly content: readonly string[];
  /** The nearest words on both sides, nearest first; empty where the caption ends or the mention is not in it. */
  readonly before: readonly Word[];
  readonly after: readonly Word[];
  /** A number in the mention or right behind it: "Louis XIV". */
  readonly numeral: string | undefined;
  /** 1 when the two words before speak of a woman, −1 of a man, 0 of neither or both. */
  readonly genderBefore: number;
  /** The same of all words around. */
  readonly genderAround: number;
}

/** So many words on either side of a mention are near it: all, in captions. */
const NEAR = 100;
const MOST_YEARS = 8;
const ARTEFACTS = ["memorial", "print", "painting"].map((topic) =>
  TOPICS.indexOf(topic as (typeof TOPICS)[number]),
);

export function readCaption(caption: Caption): CaptionFacts {
  const names = new Set(caption.mentions.map(({ text }) => fold(text)));
  const words = split(caption.text).map((word) => (names.has(word.text) ? { ...word, name: true } : word));
  const found = new Set(words.flatMap((word) => (word.name ? [] : topicsOf(word.text))));
  const topics = TOPICS.flatMap((topic, at) => (found.has(topic) ? [at] : []));
  return {
    words,
    topics,
    artefact: ARTEFACTS.some((topic) => topics.includes(topic)),
    years: [...new Set(yearsIn(words.map((word) => word.text)))].slice(0, MOST_YEARS),
  };
}

export function readMention(facts: CaptionFacts, mention: Mention): MentionFacts {
  const tokens = split(mention.text).map((word) => word.text);
  const start = position(facts.words, mention, tokens);
  const end = endOf(facts.words, mention, start, tokens.length);
  const left = facts.words.slice(Math.max(0, start - NEAR), Math.max(0, start));
  const right = facts.words.slice(end, end + NEAR);
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

/** Index of the mention's first word; −1 when it does not stand in the caption as given. */
function position(words: readonly Word[], { span }: Mention, tokens: readonly string[]): number {
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

const DATING = new Set(["in", "ad", "circa", "c", "ca", "around", "about", "year"]);

function yearsIn(words: readonly string[]): number[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1] ?? "";
    if (/^\d{1,4}$/.test(word) && /^bce?$/.test(next)) return [-Number(word)];
    if (/^(?:1\d{3}|20\d\d)$/.test(word)) return [Number(word)];
    if (/^(?:1\d|20)\d0s$/.test(word)) return [Number.parseInt(word, 10) + 5];
    if (/^\d{1,2}(?:st|nd|rd|th)$/.test(word) && next === "century")
      return [Number.parseInt(word, 10) * 100 - 50];
    return /^[3-9]\d\d$/.test(word) && DATING.has(words[at - 1] ?? "") ? [Number(word)] : [];
  });
}

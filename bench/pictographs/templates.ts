import type { Mention } from "../../src/core/index.js";
import type { Kind } from "./artists.js";

/**
 * Caption templates, by kind and number of mentions (one to three). `{0}`, `{1}` and `{2}` are replaced with mentions. The
 * templates are grammatical with any word.
 */
export const TEMPLATES: Readonly<Record<Kind, readonly (readonly string[])[]>> = {
  emoji: [
    [
      "{0} again",
      "My whole day in one word: {0}",
      "Guess what this is: {0}",
      "Found {0} on an old card",
      "{0}, drawn from memory",
      "The sticker says {0}",
      "Somebody painted {0} on the wall",
      "Page twelve of the picture book: {0}",
      "She sent me {0} and nothing else",
      "One more {0} for the collection",
      "They call it {0}",
      "{0} on the lunch box",
      "A stamp with {0} on it",
      "Carved into the desk: {0}",
      "{0} as my daughter sees it",
      "Spotted {0} on a poster today",
      "{0} in the margin of a letter",
      "Today’s drawing is {0}",
      "The {0} from the memory game",
      "Printed on the mug: {0}",
      "Knitted for grandma: {0}",
      "So this is what they mean by {0}",
      "{0}, number seven in the series",
      "Card of the day: {0}",
    ],
    [
      "{0} and {1} on one page",
      "First {0}, then {1}",
      "{0} next to {1}",
      "Two stickers left: {0} and {1}",
      "I asked for {0}, they added {1}",
      "{0} meets {1}",
      "From the same sheet: {0}, {1}",
      "Cards on the table: {0} and {1}",
      "{0} for me, {1} for you",
      "A poster with {0} and {1}",
    ],
    [
      "{0}, {1} and {2}",
      "Three cards turned over: {0}, {1}, {2}",
      "We drew {0}, {1} and {2} today",
      "Match them: {0}, {1}, {2}",
      "{0} for Ann, {1} for Ben, {2} for Carla",
      "A story of {0}, {1} and {2}",
      "On the fridge door: {0}, {1} and {2}",
      "{0} and {1}, and at last {2}",
    ],
  ],
  flag: [
    [
      "Seen in the stadium: {0}",
      "The {0} delegation walks in",
      "{0} fans in the front row",
      "Hoisted for {0} this morning",
      "A {0} pin on his jacket",
      "{0} at half-mast",
      "Table eleven is for {0}",
      "Greetings from {0}",
      "{0} on the letterhead",
      "The embassy is easy to find: {0}",
      "A patch for {0} on the sleeve",
      "{0} in the quiz, last round",
      "Painted on his face: {0}",
      "Above the harbour today: {0}",
    ],
    [
      "{0} against {1}",
      "{0} and {1} over the bridge",
      "The {0} table beside the {1} table",
      "{0} signs a treaty with {1}",
      "Tonight: {0} meets {1}",
      "Two pins, {0} and {1}",
      "Visitors from {0} and from {1}",
    ],
    [
      "{0}, {1} and {2} on the podium",
      "Flying over the hotel: {0}, {1}, {2}",
      "A group with {0}, {1} and {2}",
      "{0}, {1} and {2} vote yes",
      "Stamps from {0}, {1} and {2}",
    ],
  ],
  logo: [
    [
      "The {0} we settled on",
      "We moved to another {0}",
      "New sticker on my laptop: {0}",
      "A talk about {0} tonight",
      "{0} is down again",
      "{0} meetup, first row",
      "Written with {0}",
      "The {0} slide of the keynote",
      "Our {0} bill is due",
      "Looking for someone who knows {0}",
      "{0} on the conference badge",
      "The booth next door: {0}",
      "Day one with {0}",
      "A mug from the {0} people",
    ],
    [
      "{0} talks to {1}",
      "From {0} to {1} in a week",
      "{0} or {1}, we could not decide",
      "Stickers: {0} and {1}",
      "{0} in front, {1} behind",
      "The {0} team visits the {1} team",
      "We pay for {0} and for {1}",
    ],
    [
      "Our stack: {0}, {1}, {2}",
      "{0}, {1} and {2} sponsor the event",
      "Learn {0}, {1} and {2} in a month",
      "Badges for {0}, {1} and {2}",
      "{0} and {1}, glued together by {2}",
    ],
  ],
};

/** Clauses that add a hint. `{h}` is replaced with a fact from the knowledge base about one of the gold entities. */
export const CLAUSES: readonly string[] = [
  " ({h})",
  ", think {h}",
  " – {h}",
  ", filed under {h}",
  ", as in {h}",
  "; the label reads {h}",
];

interface Filled {
  readonly text: string;
  /** The mentions, in the order of the names. */
  readonly mentions: readonly (Mention & { readonly span: NonNullable<Mention["span"]> })[];
}

/** Fills a template with names and a hint, and capitalises the first letter. Spans are in UTF-16 code units. */
export function fill(template: string, names: readonly string[], hint = ""): Filled {
  const spans = new Map<number, { start: number; end: number }>();
  let text = "";
  for (const part of template.split(/(\{[0-2h]\})/)) {
    const slot = /^\{([0-2])\}$/.exec(part)?.[1];
    const words = slot === undefined ? (part === "{h}" ? hint : part) : names[Number(slot)]!;
    if (slot !== undefined) spans.set(Number(slot), { start: text.length, end: text.length + words.length });
    text += words;
  }
  const whole = withCapital(text);
  const mentions = names.map((_, index) => {
    const span = spans.get(index)!;
    return { text: whole.slice(span.start, span.end), span };
  });
  return { text: whole, mentions };
}

/** Capitalises the first letter, unless that would change the length of the text and shift the spans. */
function withCapital(text: string): string {
  const [first = ""] = text;
  const capital = first.toUpperCase();
  return capital.length === first.length ? capital + text.slice(first.length) : text;
}

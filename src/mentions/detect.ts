import { type Candidate, MAX_MENTIONS, type Mention, type Span } from "../core/index.js";
import { hasSeveralWords, knownMentions } from "./known-mentions.js";
import { type KnownName, longestFirst, overlaps } from "./known-names.js";
import { createSimilarSearch } from "./similar.js";
import { loadTagger, type Tagger } from "./tagger.js";
import { isCalendarWord } from "./usual-words.js";
import { createView, isEnglish, languageIn, type View } from "./view.js";
import type { Word } from "./words.js";

/** What detection needs to look up in a knowledge base. */
export interface NameSource {
  /** Returns the names of the knowledge base that a text contains, in any order. They may overlap. */
  namesIn(text: string): Promise<readonly KnownName[]>;
  /** Returns the entities with a similar name, the most similar first. */
  similar(name: string): Promise<readonly Candidate[]>;
}

/** The mentions found in a text. */
export interface Detection {
  readonly mentions: readonly Mention[];
  /**
   * The language of a text that is not in English; "und" if it is unknown. In such a text, only names of the knowledge
   * base are detected. Undefined for texts that count as English (see `isEnglish`).
   */
  readonly onlyKnown?: string;
}

/** Detects the mentions in a text. `language` is its BCP 47 tag, if known. */
export type Detector = (text: string, language?: string) => Promise<Detection>;

/**
 * Creates a detector. It finds the names of a knowledge base in texts in any language. In English texts with capital
 * and lower-case letters, it also finds other names with a tagger. Where names overlap, it selects the longest one. It
 * returns at most `MAX_MENTIONS` mentions. A mention includes a title before the name only if the name in the knowledge
 * base does. It does not include an English possessive ending.
 */
export function createDetector(source: NameSource): Detector {
  return async (text, language) => {
    const spoken = languageIn(text, language);
    const english = isEnglish(text, spoken);
    const tagger = english ? await loadTagger() : undefined;
    const view = createView(text, spoken, tagger);
    const names = await knownMentions(
      view,
      await source.namesIn(text),
      createSimilarSearch(source.similar),
      tagger,
    );
    const tagged = view.style === "mixed" ? taggedMentions(view, names, tagger) : [];
    const spans = longestFirst([...names, ...tagged], text.length).slice(0, MAX_MENTIONS);
    return {
      mentions: spans.map((span) => mentionAt(span, view)),
      ...(!english && { onlyKnown: spoken ?? "und" }),
    };
  };
}

function mentionAt({ start, end }: Span, view: View): Mention {
  const text = view.text.slice(start, end);
  return { text, span: { start, end }, ...(view.placeOf(start).person && { type: "person" }) };
}

/** Returns the words that begin in a span. */
function wordsIn({ start, end }: Span, view: View): readonly Word[] {
  const first = view.indexAt(start);
  return view.words.slice(first, view.indexAt(end - 1) + 1);
}

/**
 * Returns whether a name is rather none, or one that is of no use without an entity: months, days and feasts, and single
 * words after "the", which are rivers, battles and ships.
 */
function isSpare(span: Span, view: View): boolean {
  const words = wordsIn(span, view);
  return (
    words.every(({ folded }) => isCalendarWord(folded)) ||
    (words.length === 1 && view.placeOf(span.start).determined)
  );
}

/**
 * Returns the names found by the tagger that overlap no name in `known`, without spare ones. Also returns a longer name
 * found by the tagger if it begins with a name of several words in `known` and overlaps no other name in `known`.
 */
function taggedMentions(view: View, known: readonly Span[], tagger: Tagger | undefined): Span[] {
  const tagged = (tagger?.namesIn(view.text, view.words) ?? [])
    .map(({ mention }) => mention.span!)
    .filter((span) => !isSpare(span, view));
  const sorted = longestFirst(known, view.text.length);
  let first = 0;
  return tagged.filter((span) => {
    while (first < sorted.length && sorted[first]!.end <= span.start) first++;
    const name = sorted[first];
    if (name === undefined || !overlaps(name, span)) return true;
    const other = sorted[first + 1];
    const isAlone = other === undefined || !overlaps(other, span);
    return isAlone && name.start === span.start && name.end < span.end && hasSeveralWords(name, view);
  });
}

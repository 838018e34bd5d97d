import type { Caption, CaptionCandidates, Mention } from "../../core/index.js";
import { fold, kindOfEntity } from "../../names/index.js";
import { findFullNames } from "./find-full-names.js";
import { EXACT } from "./name-facts.js";
import { namesInText } from "./names-in-text.js";

/** A person's full name in a caption, found for a mention that shortens or repeats it. */
export interface FullName {
  readonly text: string;
  /** Index of the mention with this name. Absent if the name occurs only in the text. */
  readonly mention?: number;
}

/** A caption in which each person has one mention. */
export interface MergedCaption {
  /** Input for a model. A mention with a full name lists the merged mentions in `repeats`. */
  readonly input: CaptionCandidates;
  /**
   * For each mention of the original caption, the index in `input` of the mention that it was merged into, or its own.
   */
  readonly source: readonly number[];
  /**
   * For each mention of the original caption, the full name with which the mention was merged; undefined if it was not
   * merged into another mention.
   */
  readonly fullNames: readonly (FullName | undefined)[];
}

/**
 * Returns the caption with additional mentions at the end: the phrases that `namesInText` finds, except those that
 * equal a mention when folded.
 */
export function withNamesInText(caption: Caption): Caption {
  const named = new Set(caption.mentions.map(({ text }) => fold(text)));
  const added = namesInText(caption).filter(({ text }) => !named.has(fold(text)));
  return added.length === 0 ? caption : { ...caption, mentions: [...caption.mentions, ...added] };
}

/**
 * Merges the mentions of the same person. The first `count` mentions belong to the original caption. The other mentions
 * were added by `withNamesInText`; `withKnownNames` selects those that are used. Returns undefined if there is nothing
 * to merge.
 */
export function mergeSamePerson(extended: CaptionCandidates, count: number): MergedCaption | undefined {
  const { caption, candidates } = withKnownNames(extended, count);
  const found = findFullNames({ caption, candidates });
  const merged = [...Array(count).keys()].filter((index) => found[index] !== undefined);
  if (merged.length === 0) return undefined;
  const rootOf = (index: number): number => (found[index] === undefined ? index : rootOf(found[index]));
  const kept = caption.mentions
    .map((_, index) => index)
    .filter((index) => !merged.includes(index))
    .filter((index) => index < count || merged.some((short) => rootOf(short) === index));
  const mentions = kept.map((root): Mention => {
    const mention = caption.mentions[root]!;
    const repeats = merged.filter((short) => rootOf(short) === root).map((short) => caption.mentions[short]!);
    const type = mention.type ?? repeats.find((repeat) => repeat.type !== undefined)?.type;
    return repeats.length === 0 ? mention : { ...mention, ...(type !== undefined && { type }), repeats };
  });
  return {
    input: { caption: { ...caption, mentions }, candidates: kept.map((index) => candidates[index]!) },
    source: Array.from({ length: count }, (_, index) => kept.indexOf(rootOf(index))),
    fullNames: Array.from({ length: count }, (_, index) => {
      if (found[index] === undefined) return undefined;
      const root = rootOf(index);
      return { text: caption.mentions[root]!.text, ...(root < count && { mention: root }) };
    }),
  };
}

/**
 * Keeps only the added mentions that are the name of a person, or of an entity of unknown kind, in the knowledge base.
 * Removes those that are inside a longer one.
 */
function withKnownNames({ caption, candidates }: CaptionCandidates, count: number): CaptionCandidates {
  if (caption.mentions.length === count) return { caption, candidates };
  const known = [...caption.mentions.keys()].filter((index) => {
    const named = candidates[index]!.filter(({ nameScore }) => nameScore >= EXACT);
    const kinds = named.map(({ entity }) => kindOfEntity(entity));
    return index < count || kinds.some((kind) => kind === undefined || kind === "person");
  });
  const kept = known.filter(
    (index) =>
      index < count || !known.some((other) => other >= count && isInside(caption.mentions, index, other)),
  );
  return {
    caption: { ...caption, mentions: kept.map((index) => caption.mentions[index]!) },
    candidates: kept.map((index) => candidates[index]!),
  };
}

function isInside(mentions: readonly Mention[], inner: number, outer: number): boolean {
  const [a, b] = [mentions[inner]!.span!, mentions[outer]!.span!];
  return a.start >= b.start && a.end <= b.end && a.end - a.start < b.end - b.start;
}

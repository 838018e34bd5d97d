import type { Caption, Entity, Random } from "../core/index.js";
import { pick, VARIATIONS, type Variation } from "./variation-rules.js";

/** Ends of sentences that begin with a name, without words that reveal a person's sex, occupation or time. */
const PREDICATES = [
  "is on the left",
  "came from abroad",
  "stayed for ten years",
  "steht rechts",
  "arriva le soir",
];

/**
 * Returns the caption with one mention rewritten, or undefined if the rule does not apply or the mention has no
 * offsets. Mentions that overlap the rewritten mention lose their offsets.
 */
export function rewriteMention(
  caption: Caption,
  index: number,
  variation: Variation,
  random: Random,
  entity?: Entity,
): Caption | undefined {
  const { text: name, span } = caption.mentions[index]!;
  if (span === undefined) return undefined;
  const words = name.split(/\s+/u).filter((word) => word !== "");
  const written = variation.rewrite({ text: name, words, entity }, random);
  if (written === undefined) return undefined;
  const { text: rewritten, after = "", again } = written;
  const { start } = span;
  const shift = rewritten.length + after.length - (span.end - start);
  const text = caption.text.slice(0, start) + rewritten + after + caption.text.slice(span.end);
  const mentions = caption.mentions.map((mention, other) => {
    if (other === index)
      return { ...mention, text: rewritten, span: { start, end: start + rewritten.length } };
    if (mention.span === undefined || mention.span.end <= span.start) return mention;
    if (mention.span.start >= span.end)
      return { ...mention, span: { start: mention.span.start + shift, end: mention.span.end + shift } };
    const { span: _, ...unplaced } = mention;
    return unplaced;
  });
  if (again === undefined) return { ...caption, text, mentions };
  const from = text.length + 2;
  const repeated = {
    ...caption.mentions[index]!,
    text: again,
    span: { start: from, end: from + again.length },
  };
  return {
    ...caption,
    text: `${text}. ${again} ${pick(PREDICATES, random)}`,
    mentions: [...mentions, repeated],
  };
}

/** Number of attempts, each with a random mention and a random rule, before `varied` gives up. */
const ATTEMPTS = 8;

/**
 * Rewrites a random mention of a caption with a random rule. Returns the new caption, the rule and the index of the
 * mention, or undefined if no rule applied in `ATTEMPTS` attempts.
 */
export function varied(
  caption: Caption,
  entityOf: (id: string) => Entity | undefined,
  random: Random,
): { readonly caption: Caption; readonly variation: Variation; readonly mention: number } | undefined {
  for (let attempt = 0; attempt < ATTEMPTS && caption.mentions.length > 0; attempt++) {
    const mention = random.below(caption.mentions.length);
    const variation = pick(VARIATIONS, random);
    const { gold } = caption.mentions[mention]!;
    const entity = gold?.kind === "entity" ? entityOf(gold.id) : undefined;
    const rewritten = rewriteMention(caption, mention, variation, random, entity);
    if (rewritten !== undefined) return { caption: rewritten, variation, mention };
  }
  return undefined;
}

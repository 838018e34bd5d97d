import type { Caption } from "../../core/index.js";
import { sumSorted } from "../softmax.js";

const WORDS = new Intl.Segmenter("en", { granularity: "word" });

/**
 * Returns the number of words in the caption besides the names of its mentions. Numbers do not count, because the
 * lexical ranker compares years with life dates better than the network does.
 */
export function wordsBesidesNames({ text, mentions }: Caption): number {
  const names = mentions.map((mention) => mention.text).sort((a, b) => b.length - a.length);
  const rest = names.reduce((left, name) => left.replaceAll(name, " "), text);
  let words = 0;
  for (const { segment, isWordLike } of WORDS.segment(rest))
    if (isWordLike === true && /\p{L}/u.test(segment)) words += 1;
  return words;
}

/**
 * Returns the factor by which the network's logits of a mention are multiplied: a · ln(1 + w) / (1 + c). The network
 * reads the words of the caption, so it counts more the more words w there are besides the names, and not at all if
 * there are none. It does not know what the caption's other names decide, so it counts less the more they changed: c is
 * the largest change of the log of a chosen candidate's share. `own` and `together` are the shares of the chosen
 * candidates before and after the other names are taken into account.
 */
export function networkWeight(
  { contextWeight, words }: { readonly contextWeight: number; readonly words: number },
  own: readonly number[],
  together: readonly number[],
): number {
  const before = logShares(own);
  const after = logShares(together);
  const change = before.reduce((most, log, at) => Math.max(most, Math.abs(after[at]! - log)), 0);
  return (contextWeight * Math.log1p(words)) / (1 + change);
}

/** Shares below this value count as this value, so that the change of a share is bounded. */
const LEAST_SHARE = 1e-9;

/** Returns the log of each share after they are scaled to a sum of 1. */
function logShares(shares: readonly number[]): number[] {
  const raised = shares.map((share) => Math.max(share, LEAST_SHARE));
  const total = sumSorted(raised);
  return raised.map((share) => Math.log(share / total));
}

import type { Caption, Entity } from "../../core/index.js";
import { sumSorted } from "../softmax.js";

/** What the weight of the network depends on. */
export interface Hearing {
  /** Factor a, from the checkpoint. */
  readonly contextWeight: number;
  /** Number of words in the caption besides names (`contextWords`). */
  readonly words: number;
  /** Mean number of words (`entityWords`) over the chosen candidates. */
  readonly entityWords: number;
}

/**
 * Added to the number of words in the caption, because the network also prefers the right candidate in many captions that
 * consist of a last name and a year (`experiments/mini`).
 */
const FREE_WORDS = 2;

/**
 * Returns the factor by which the network's logits of a mention are multiplied: a · ln(1 + w) / (1 + c). The network
 * compares the words of the caption with those of the entities, so it counts more the more words both have: w is the
 * smaller of the two numbers, where `FREE_WORDS` are added to those of the caption. It does not know what the caption's
 * other names decide, so it counts less the more they changed: c is the largest change of the log of a chosen candidate's
 * share. `own` and `together` are the shares of the chosen candidates before and after the other names are taken into
 * account.
 */
export function networkWeight(
  { contextWeight, words, entityWords }: Hearing,
  own: readonly number[],
  together: readonly number[],
): number {
  const before = logsOf(own);
  const after = logsOf(together);
  const change = before.reduce((most, log, at) => Math.max(most, Math.abs(after[at]! - log)), 0);
  return (contextWeight * Math.log1p(Math.min(words + FREE_WORDS, entityWords))) / (1 + change);
}

/**
 * Returns the number of different words in the caption besides the names of its mentions. Numbers do not count, because
 * the lexical ranker compares years with life dates better than the network does.
 */
export function contextWords({ text, mentions }: Caption): number {
  const names = mentions.map((mention) => mention.text).sort((a, b) => b.length - a.length);
  return countWords(names.reduce((rest, name) => rest.replaceAll(name, " "), text));
}

/** Returns the number of different words in the entity's description and properties. Numbers do not count. */
export const entityWords = ({ description = "", properties }: Entity): number =>
  countWords([description, ...Object.values(properties).flat()].join(" "));

const SEGMENTER = new Intl.Segmenter("en", { granularity: "word" });

function countWords(text: string): number {
  const words = new Set<string>();
  for (const { segment, isWordLike } of SEGMENTER.segment(text))
    if (isWordLike === true && /\p{L}/u.test(segment)) words.add(segment.toLowerCase());
  return words.size;
}

/** Shares below this value count as this value, so that the change of a share is bounded. */
const LEAST_SHARE = 1e-9;

/** Returns the log of each share after they are scaled to a sum of 1. */
function logsOf(shares: readonly number[]): number[] {
  const raised = shares.map((share) => Math.max(share, LEAST_SHARE));
  const total = sumSorted(raised);
  return raised.map((share) => Math.log(share / total));
}

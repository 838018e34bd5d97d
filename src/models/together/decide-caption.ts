import type { CaptionCandidates, Entity, Mention } from "../../core/index.js";
import type { MentionScores, PairEvidence, PairFact } from "../model.js";
import { sumSorted } from "../softmax.js";
import { decideTogether, type TogetherOptions } from "./together.js";

/** The result for one mention of a caption. Both functions take the index of a candidate. */
export interface DecidedMention {
  /**
   * Returns the candidate's probability given the other mentions; undefined if the candidate has no m or no feature.
   */
  readonly share: (candidate: number) => number | undefined;
  /** Returns the candidate of another mention that supports this candidate most; undefined if none does. */
  readonly support: (candidate: number) => Supporter | undefined;
}

/** A candidate of another mention that supports a given candidate. */
export interface Supporter {
  /** The text of the other mention. */
  readonly text: string;
  readonly entity: Entity;
  /** The logarithm of the factor by which the other mention raises the candidate's odds. */
  readonly gain: number;
  /**
   * The fact that relates the supported candidate (left) to the entity (right); undefined if there is no single fact.
   */
  readonly fact: PairFact | undefined;
}

/**
 * Decides the mentions of a caption together (see `decideTogether`). `result[i]` belongs to mention i. It is undefined
 * if fewer than two mentions have scored candidates, or if mention i has none.
 */
export async function decideCaption<Feature>(
  { caption, candidates }: CaptionCandidates,
  scores: readonly MentionScores<Feature>[],
  evidence: PairEvidence<Feature>,
  options?: TogetherOptions,
): Promise<readonly (DecidedMention | undefined)[]> {
  const joining = caption.mentions
    .map((mention, index) => {
      const { match, features, together } = scores[index]!;
      const scored = [...match.keys()].filter((i) => match[i] !== undefined && features[i] !== undefined);
      return {
        index,
        mention,
        scored,
        text: mention.text,
        total: together && sumSorted(scored.map((i) => together[i]!)),
        candidates: scored.map((i) => candidates[index]![i]!),
        match: scored.map((i) => match[i]!),
        features: scored.map((i) => features[i]!),
      };
    })
    .filter(({ scored }) => scored.length > 0)
    .sort((a, b) => byPosition(a.mention, b.mention));
  const results: (DecidedMention | undefined)[] = caption.mentions.map(() => undefined);
  if (joining.length < 2) return results;
  const decided = await decideTogether(joining, evidence, options);
  joining.forEach(({ index, scored, features }, at) => {
    const places = new Map(scored.map((candidate, place) => [candidate, place]));
    results[index] = {
      share: (candidate) => decided[at]!.shares[places.get(candidate) ?? -1],
      support: (candidate) => {
        const place = places.get(candidate);
        const found = place === undefined ? undefined : decided[at]!.support(place);
        if (place === undefined || found === undefined) return undefined;
        const other = joining[found.mention]!;
        return {
          text: other.text,
          entity: other.candidates[found.candidate]!.entity,
          gain: found.gain,
          fact: evidence.fact?.(features[place]!, other.features[found.candidate]!),
        };
      },
    };
  });
  return results;
}

/** Orders mentions by their position in the text, then by their text. Mentions without a position come last. */
export function byPosition(a: Mention, b: Mention): number {
  const [startA, startB] = [a, b].map(({ span }) => span?.start ?? Number.MAX_SAFE_INTEGER) as [
    number,
    number,
  ];
  return startA - startB || (a.text < b.text ? -1 : Number(a.text > b.text));
}

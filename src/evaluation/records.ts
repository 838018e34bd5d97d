import {
  type Caption,
  type Entity,
  type Gold,
  isAsAnnotated,
  type MentionLink,
  MmelError,
  type RankedCandidate,
} from "../core/index.js";
import { type RankedCaption, toRankedCandidate } from "../linker/index.js";
import type { Judged } from "./protocols.js";

/** An annotated mention with its links and the rank of its gold entity. */
export interface MentionRecord {
  readonly caption: Caption;
  /** Index of the mention in the caption. */
  readonly mention: number;
  readonly gold: Gold;
  /**
   * The gold entity as stored in the knowledge base; absent if the annotation is NIL or the entity is missing from
   * the knowledge base.
   */
  readonly goldEntity?: Entity;
  /**
   * Position of the gold entity among the retrieved candidates, from 1; absent if the gold entity was not retrieved.
   */
  readonly retrievedAt?: number;
  /**
   * Expected rank of the gold entity; absent if the annotation is NIL or the gold entity is not among the candidates.
   */
  readonly rank?: number;
  /** Expected rank of the gold entity if the candidates are ranked by name score alone; absent if `rank` is absent. */
  readonly nameRank?: number;
  /** The mention's outcome and best candidates. */
  readonly link: MentionLink;
  /**
   * The gold entity as a ranked candidate, even if it is not among the best candidates in `link`. Absent if `rank` is
   * absent.
   */
  readonly goldCandidate?: RankedCandidate;
}

/** Returns whether the outcome matches the annotation. */
export function isCorrect({ gold, link }: MentionRecord): boolean {
  return isAsAnnotated(link, gold) === true;
}

/**
 * Returns a record for each annotated mention of a caption, given the links of all its mentions. Throws
 * `NOT_A_NUMBER` if a score is NaN.
 */
export function recordsOf(
  { found: { caption, gold: facts }, ranked, decisions }: RankedCaption<Judged>,
  links: readonly MentionLink[],
): MentionRecord[] {
  return caption.mentions.flatMap(({ gold }, mention): MentionRecord[] => {
    if (gold === undefined) return [];
    const { entity, retrievedAt } = facts[mention]!;
    const list = ranked[mention]!;
    const index =
      entity === undefined ? -1 : list.findIndex(({ candidate }) => candidate.entity.id === entity.id);
    const scores = list.map(({ score }) => score);
    const nameScores = list.map(({ candidate }) => candidate.nameScore);
    return [
      {
        caption,
        mention,
        gold,
        ...(entity && { goldEntity: entity }),
        ...(retrievedAt !== undefined && { retrievedAt }),
        ...(index >= 0 && {
          rank: expectedRank(scores, index),
          nameRank: expectedRank(nameScores, index),
          goldCandidate: toRankedCandidate(list[index]!, true, decisions[mention]!.candidates?.[index]),
        }),
        link: links[mention]!,
      },
    ];
  });
}

/**
 * Computes the expected rank, from 1, of the candidate at index `gold` if candidates with equal scores are shuffled. It
 * is 1 plus the number of better candidates plus half the number of other candidates with the same score. Therefore,
 * neither ties nor the order of the list favour the gold candidate. Throws `NOT_A_NUMBER` if a score is NaN.
 */
export function expectedRank(scores: readonly number[], gold: number): number {
  const own = scores[gold]!;
  let better = 0;
  let equal = 0;
  for (const score of scores) {
    if (Number.isNaN(score))
      throw new MmelError("NOT_A_NUMBER", {
        what: "cannot rank the candidates: a score is NaN",
        hint: "Use another model, or train or fit this model again.",
      });
    if (score > own) better++;
    else if (score === own) equal++;
  }
  return better + (equal + 1) / 2;
}

import {
  type Caption,
  type Entity,
  type Gold,
  goldId,
  type MentionLink,
  MmelError,
  type RankedCandidate,
} from "../core/index.js";
import { type RankedCaption, toRankedCandidate } from "../linker/index.js";
import type { Judged } from "./protocols.js";

/** An annotated mention with its links and the rank of its gold entity. */
export interface MentionRecord {
  readonly caption: Caption;
  /** Index among the caption's mentions. */
  readonly mention: number;
  readonly gold: Gold;
  /** The gold entity as the knowledge base has it; absent for NIL and if the knowledge base lacks it. */
  readonly goldEntity?: Entity;
  /** Position of the gold entity among the retrieved candidates, from 1; absent if it was not retrieved. */
  readonly retrievedAt?: number;
  /** Expected rank of the gold entity; absent for NIL and for a miss. */
  readonly rank?: number;
  /** Outcome and best candidates. */
  readonly link: MentionLink;
  /** The scores of the gold entity, whatever its rank. */
  readonly goldCandidate?: RankedCandidate;
}

/** Whether the outcome is the annotated one. */
export function isCorrect({ gold, link }: MentionRecord): boolean {
  return link.entity?.id === goldId({ gold });
}

/** The records of a caption's annotated mentions, given the links of all its mentions. Throws `NOT_A_NUMBER`. */
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
    return [
      {
        caption,
        mention,
        gold,
        ...(entity && { goldEntity: entity }),
        ...(retrievedAt !== undefined && { retrievedAt }),
        ...(index >= 0 && {
          rank: expectedRank(scores, index),
          goldCandidate: toRankedCandidate(list[index]!, true, decisions[mention]!.candidates?.[index]),
        }),
        link: links[mention]!,
      },
    ];
  });
}

/**
 * The expected rank, from 1, of the gold candidate if candidates with equal scores are shuffled: the better ones and half
 * of the equal ones come before it. So neither ties nor the order of the list favour it. Throws `NOT_A_NUMBER`.
 */
export function expectedRank(scores: readonly number[], gold: number): number {
  const own = scores[gold]!;
  let better = 0;
  let equal = 0;
  for (const score of scores) {
    if (Number.isNaN(score)) throw new MmelError("NOT_A_NUMBER", { what: "a score to rank is NaN" });
    if (score > own) better++;
    else if (score === own) equal++;
  }
  return better + (equal + 1) / 2;
}

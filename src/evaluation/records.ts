import {
  type Caption,
  type Entity,
  type Gold,
  goldId,
  type MentionLink,
  type RankedCandidate,
} from "../core/index.js";
import { type RankedCaption, toRankedCandidate } from "../linker/index.js";
import { expectedRank } from "./expected-rank.js";
import type { Judged } from "./protocols.js";

/** One annotated mention with what was made of it. */
export interface MentionRecord {
  readonly caption: Caption;
  /** Index among the caption's mentions. */
  readonly mention: number;
  readonly gold: Gold;
  /** The gold entity as the knowledge base has it; absent for NIL and when the knowledge base lacks it. */
  readonly goldEntity?: Entity;
  /** Place of gold, from 1, among the candidates as retrieved; absent when it is not one of them. */
  readonly retrievedAt?: number;
  /** Expected rank of gold among equals; absent for a miss and for NIL. */
  readonly rank?: number;
  /** Outcome and best candidates. */
  readonly link: MentionLink;
  /** Gold's own scores, wherever it ranks. */
  readonly goldCandidate?: RankedCandidate;
}

/** Whether the outcome is what the annotator said. */
export function isCorrect({ gold, link }: MentionRecord): boolean {
  return link.entity?.id === goldId({ gold });
}

/** The records of a caption's annotated mentions; `links` are its links. */
export function recordsOf(
  { found: { caption, gold: facts }, ranked, decisions }: RankedCaption<Judged>,
  links: readonly MentionLink[],
): MentionRecord[] {
  return caption.mentions.flatMap(({ gold }, mention): MentionRecord[] => {
    if (gold === undefined) return [];
    const { entity, retrievedAt } = facts[mention]!;
    const list = ranked[mention]!;
    const at =
      entity === undefined ? -1 : list.findIndex(({ candidate }) => candidate.entity.id === entity.id);
    const scores = list.map(({ score }) => score);
    return [
      {
        caption,
        mention,
        gold,
        ...(entity && { goldEntity: entity }),
        ...(retrievedAt !== undefined && { retrievedAt }),
        ...(at >= 0 && {
          rank: expectedRank(scores, at),
          goldCandidate: toRankedCandidate(list[at]!, true, decisions[mention]!.candidates?.[at]),
        }),
        link: links[mention]!,
      },
    ];
  });
}

import type { CaptionLinks, MentionLink, RankedCandidate } from "../core/index.js";
import type { Ranked } from "../ranking/index.js";
import type { RankedCaption } from "./pipeline.js";

export interface LinksOptions {
  readonly topK: number;
  readonly explain: boolean;
  readonly model: string;
  readonly kb: string;
}

/** What a linker answers for a ranked caption: of each mention the outcome and the `topK` best candidates. */
export function toLinks(
  { found, ranked, decisions }: RankedCaption,
  { topK, explain, model, kb }: LinksOptions,
): CaptionLinks {
  const mentions = found.caption.mentions.map(({ text, span }, at): MentionLink => {
    const { candidates, ...decision } = decisions[at]!;
    const independent = overtaken(ranked[at]!);
    return {
      text,
      ...span,
      ...decision,
      candidates: ranked[at]!.slice(0, topK).map((of, place) =>
        toRankedCandidate(of, explain, candidates?.[place]),
      ),
      ...(independent && { independent: independent.candidate.entity }),
    };
  });
  return { id: found.caption.id, mentions, model, kb };
}

/** A candidate as links list it. */
export function toRankedCandidate(
  { candidate: { entity }, match, collaborative, score, independentRank, explain: parts }: Ranked,
  explain: boolean,
  probability?: number,
): RankedCandidate {
  return {
    id: entity.id,
    label: entity.label,
    entity,
    match: match ?? null,
    collaborative,
    score,
    probability: probability ?? null,
    independentRank,
    ...(explain && parts && { explain: parts() }),
  };
}

/** The candidate that was first on its own and no longer is. */
function overtaken(ranked: readonly Ranked[]): Ranked | undefined {
  return ranked[0]?.independentRank === 1 ? undefined : ranked.find((of) => of.independentRank === 1);
}

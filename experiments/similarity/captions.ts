import { type Estimate, estimates } from "../../src/evaluation/bootstrap.js";
import { createLexicalModel, type LexicalScorer } from "../../src/models/lexical/lexical-model.js";
import type { RelatedEntity } from "../../src/models/lexical/pair-evidence.js";
import type { LexicalWeights } from "../../src/models/lexical/weights.js";
import type { PairEvidence } from "../../src/models/model.js";
import { shares } from "../../src/models/softmax.js";
import { rankCaption } from "../../src/ranking/index.js";
import { goldIndices, type TrainingCaption } from "../../src/training/lexical/lexical-data.js";

/** A mention with its candidates, ordered by descending m. */
export interface RankedMention {
  readonly match: readonly number[];
  readonly entities: readonly RelatedEntity[];
  /** Position of the gold entity; −1 if it is not a candidate. */
  readonly gold: number;
}

/** A caption with several mentions. */
export interface RankedCaption {
  readonly caption: TrainingCaption;
  readonly mentions: readonly RankedMention[];
}

export async function rankAll(
  captions: AsyncIterable<TrainingCaption>,
  scorer: LexicalScorer,
  temperature: number,
): Promise<readonly RankedCaption[]> {
  const ranked: RankedCaption[] = [];
  for await (const caption of captions) {
    const gold = goldIndices(caption);
    const mentions = scorer.score(caption).map(({ profiles, scores }, i) => {
      const match = shares(Array.from(scores), temperature);
      const order = [...match.keys()].sort((a, b) => match[b]! - match[a]!);
      const relationsOf = (at: number) => caption.candidates[i]![at]!.relations ?? [];
      return {
        match: order.map((at) => match[at]!),
        entities: order.map((at) => ({ profile: profiles[at]!, relations: relationsOf(at) })),
        gold: order.indexOf(gold[i]!),
      };
    });
    ranked.push({ caption, mentions });
  }
  return ranked;
}

/**
 * Measures Top-1 with each evidence. The last estimate is the difference between the last evidence and the first.
 */
export async function top1(
  captions: readonly RankedCaption[],
  weights: LexicalWeights,
  evidences: readonly PairEvidence<RelatedEntity>[],
): Promise<readonly (Estimate | undefined)[]> {
  await using model = createLexicalModel(weights);
  const clusters = [];
  for (const { caption } of captions) {
    const [scores = []] = await model.score([caption]);
    const gold = goldIndices(caption);
    const right: number[] = [];
    for (const evidence of evidences) {
      const ranked = await rankCaption(caption, scores, { evidence });
      right.push(
        ranked.filter(
          ([first], i) =>
            gold[i]! >= 0 && first?.candidate.entity === caption.candidates[i]![gold[i]!]!.entity,
        ).length,
      );
    }
    const totals = [...right, right.at(-1)! - right[0]!];
    clusters.push({ totals, counts: totals.map(() => caption.caption.mentions.length) });
  }
  return estimates(clusters, { resamples: 10_000 });
}

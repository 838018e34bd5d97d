/** Computes the scores of both stages of a cascade once, so that several selections can be compared without recomputing them. */
import { type Caption, withoutGold } from "../../src/core/index.js";
import { lookUp, openParts } from "../../src/linker/index.js";
import { select } from "../../src/models/cascade/select.js";
import { openCheckpoint } from "../../src/models/checkpoint/index.js";
import { startScorer } from "../../src/models/mmel/index.js";

export interface ScoredMention {
  /** Index of the caption. */
  readonly caption: number;
  /** Text of the caption. */
  readonly text: string;
  /** Text of the mention. */
  readonly mention: string;
  /** Whether the caption has only one mention. */
  readonly single: boolean;
  /**
   * Candidates, sorted by `share` (the share that the first stage assigns to the candidate). `logit` is the network's logit,
   * present if the candidate was selected. `gold` is whether the candidate is the gold entity.
   */
  readonly candidates: readonly {
    readonly id: string;
    readonly share: number;
    readonly logit?: number;
    readonly gold: boolean;
  }[];
}

export async function scoreMentions(
  captions: readonly Caption[],
  kb: string,
  folder: string,
  selection: Parameters<typeof select>[1],
): Promise<ScoredMention[]> {
  await using parts = await openParts({ kb, model: "lexical" });
  const { scorer, engine } = await startScorer(await openCheckpoint(folder));
  const all: ScoredMention[] = [];
  for (let at = 0; at < captions.length; at += 32) {
    const batch = captions.slice(at, at + 32);
    const found = await lookUp(parts, batch.map(withoutGold), 100);
    const first = await parts.model.score(found);
    const shares = first.map((mentions) => mentions.map(({ match }) => match.map((m) => m ?? 0)));
    const chosen = shares.map((mentions) => mentions.map((share) => select(share, selection)));
    const logits = await scorer.logits(
      found.map(({ caption, candidates }, i) => ({
        caption,
        candidates: candidates.map((list, j) => chosen[i]![j]!.map((index) => list[index]!)),
      })),
    );
    for (const [i, { caption, candidates }] of found.entries())
      for (const [j, list] of candidates.entries()) {
        const { gold } = batch[i]!.mentions[j]!;
        const place = new Map(chosen[i]![j]!.map((index, k) => [index, logits[i]![j]!.logits[k]!]));
        const rows = list.map(({ entity }, index) => {
          const logit = place.get(index);
          return {
            id: entity.id,
            share: shares[i]![j]![index]!,
            ...(logit !== undefined && { logit }),
            gold: gold?.kind === "entity" && gold.id === entity.id,
          };
        });
        all.push({
          caption: at + i,
          text: caption.text,
          mention: caption.mentions[j]!.text,
          single: caption.mentions.length === 1,
          candidates: rows.sort((a, b) => b.share - a.share),
        });
      }
  }
  await engine.close();
  return all;
}

/** Computes the scores of both stages of a cascade once, so that several settings can be compared without recomputing them. */
import { type Caption, goldId, withoutGold } from "../../src/core/index.js";
import { readCaptions } from "../../src/formats/index.js";
import { lookUp, openParts } from "../../src/linker/index.js";
import { contextWords, entityWords, networkWeight } from "../../src/models/cascade/network-weight.js";
import { select } from "../../src/models/cascade/select.js";
import { openCheckpoint } from "../../src/models/checkpoint/index.js";
import { startScorer } from "../../src/models/mmel/index.js";
import { decideCaption } from "../../src/models/together/index.js";

export interface ScoredCandidate {
  readonly id: string;
  /** The probability that the first stage assigns to the candidate. */
  readonly own: number;
  /** The same, given the caption's other mentions. */
  readonly together: number;
  /** The network's logit, if the candidate was selected. */
  readonly logit?: number;
  /** Number of words in the entity (`entityWords`). */
  readonly words: number;
  readonly gold: boolean;
}

/** A mention whose gold entity is in the knowledge base. */
export interface ScoredMention {
  /** Index of the caption. */
  readonly caption: number;
  /** Text of the caption. */
  readonly text: string;
  /** Text of the mention. */
  readonly mention: string;
  /** Whether the caption has only one mention. */
  readonly single: boolean;
  /** Number of words in the caption besides its names (`contextWords`). */
  readonly words: number;
  /** The candidates with the highest `together` share, best first. */
  readonly candidates: readonly ScoredCandidate[];
}

/** Number of candidates to keep. */
const KEPT = 32;

export async function scoreMentions(
  file: string,
  kb: string,
  checkpoint: string,
  selection: Parameters<typeof select>[1],
): Promise<ScoredMention[]> {
  await using parts = await openParts({ kb, model: "lexical" });
  const { scorer, engine } = await startScorer(await openCheckpoint(checkpoint));
  const captions: Caption[] = [];
  for await (const read of readCaptions(file)) if (read.kind === "record") captions.push(read.value);
  const all: ScoredMention[] = [];
  for (let at = 0; at < captions.length; at += 32) {
    const batch = captions.slice(at, at + 32);
    const found = await lookUp(parts, batch.map(withoutGold), 100);
    const first = await parts.model.score(found);
    const shares = await Promise.all(
      first.map(async (scores, i) => {
        const decided = await decideCaption(found[i]!, scores, parts.model.evidence!);
        return scores.map(({ match }, j) => match.map((m, k) => decided[j]?.share(k) ?? m ?? 0));
      }),
    );
    const chosen = shares.map((lists) => lists.map((list) => select(list, selection)));
    const logits = await scorer.logits(
      found.map(({ caption, candidates }, i) => ({
        caption,
        candidates: candidates.map((list, j) =>
          chosen[i]![j]!.length < 2 ? [] : chosen[i]![j]!.map((k) => list[k]!),
        ),
      })),
    );
    for (const [i, { caption, candidates }] of found.entries())
      for (const [j, list] of candidates.entries()) {
        const gold = goldId(batch[i]!.mentions[j]!);
        if (gold === undefined) continue;
        const place = new Map(chosen[i]![j]!.map((index, k) => [index, logits[i]![j]!.logits[k]]));
        const rows = list.map(({ entity }, k): ScoredCandidate => {
          const logit = place.get(k);
          return {
            id: entity.id,
            own: first[i]![j]!.match[k] ?? 0,
            together: shares[i]![j]![k]!,
            ...(logit !== undefined && { logit }),
            words: entityWords(entity),
            gold: entity.id === gold,
          };
        });
        all.push({
          caption: at + i,
          text: caption.text,
          mention: caption.mentions[j]!.text,
          single: caption.mentions.length === 1,
          words: contextWords(caption),
          candidates: rows.sort((a, b) => b.together - a.together).slice(0, KEPT),
        });
      }
  }
  await engine.close();
  return all;
}

/** Returns the mention's candidates that a cascade with this selection passes to its network. */
export const passedOn = (
  { candidates }: ScoredMention,
  selection: Parameters<typeof select>[1],
): readonly ScoredCandidate[] => {
  const places = select(
    candidates.map(({ together }) => together),
    selection,
  );
  return places.length < 2 ? [] : places.map((place) => candidates[place]!);
};

/** Returns the weight of the network's logits if it scores these candidates of the mention. */
export const weightOf = (
  { words }: ScoredMention,
  passed: readonly ScoredCandidate[],
  contextWeight: number,
): number => {
  const mean = passed.reduce((sum, candidate) => sum + candidate.words, 0) / passed.length;
  return networkWeight(
    { contextWeight, words, entityWords: mean },
    passed.map(({ own }) => own),
    passed.map(({ together }) => together),
  );
};

/** Returns the terms of the softmax that ranks the candidates. */
export const termsOf = (passed: readonly ScoredCandidate[], weight: number): number[] =>
  passed.map(({ together, logit }) => Math.log(Math.max(together, 1e-9)) + weight * (logit ?? 0));

/** Returns whether the gold entity is ranked first by the first stage, and by the network where it scores the mention. */
export function isRight(mention: ScoredMention, passed: readonly ScoredCandidate[], weight: number): boolean {
  if (passed.length === 0) return mention.candidates[0]?.gold === true;
  const terms = termsOf(passed, weight);
  return passed[terms.indexOf(Math.max(...terms))]!.gold;
}

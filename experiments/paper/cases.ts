import { join } from "node:path";
import type { RankedCandidate } from "../../src/core/index.js";
import { evaluate, type MentionRecord } from "../../src/evaluation/index.js";
import { captionsIn, entitiesIn } from "./data-sets.js";
import { groupBy } from "./group-by.js";
import type { Case } from "./results.js";

const DEMO = join(import.meta.dirname, "../../demo");
/** Number of cases with one mention, and of captions with several. */
const CASES = 2;
/** Number of first candidates that a case shows, besides the gold entity. */
const SHOWN = 3;

/**
 * Links the captions of the demo with a network and returns the cases of figure 5: the first captions with one mention,
 * and those with several in which the other mentions change the rank of a gold entity most.
 */
export async function demoCases(model: string, candidates: number): Promise<Case[]> {
  const kb = await entitiesIn(join(DEMO, "entities.jsonl"));
  const captions = await captionsIn(join(DEMO, "captions.jsonl"));
  const { records } = await evaluate(captions, { kb, model, candidates, protocol: "paper", topK: SHOWN });
  return casesOf(records);
}

/** Chooses the cases among the records of an evaluation. */
export function casesOf(records: readonly MentionRecord[]): Case[] {
  const groups = [...groupBy(records, ({ caption }) => caption.id).values()];
  const single = groups.filter(({ length }) => length === 1).slice(0, CASES);
  const several = groups
    .filter(({ length }) => length > 1)
    .sort((a, b) => changeIn(b) - changeIn(a)) // stable: equal changes stay in the order of the captions
    .slice(0, CASES);
  return [...single, ...several].flatMap((group) => group.map(caseOf));
}

/** Returns the greatest change of the rank of a gold entity. */
const changeIn = (records: readonly MentionRecord[]): number =>
  Math.max(
    ...records.map(({ rank, goldCandidate }) =>
      rank === undefined ? 0 : Math.abs(rank - (goldCandidate?.independentRank ?? rank)),
    ),
  );

function caseOf({ caption, mention, rank, goldCandidate, link }: MentionRecord): Case {
  const isGold = ({ id }: RankedCandidate): boolean => id === goldCandidate?.id;
  const shown = link.candidates.slice(0, SHOWN).map((candidate, index) => ({ candidate, rank: index + 1 }));
  const isListed = shown.some(({ candidate }) => isGold(candidate));
  const gold =
    goldCandidate === undefined || isListed ? [] : [{ candidate: goldCandidate, rank: rank ?? Number.NaN }];
  return {
    text: caption.text,
    mention: caption.mentions[mention]!.text,
    candidates: [...shown, ...gold].map(({ candidate, rank: rankAfter }) => ({
      label: candidate.label,
      isGold: isGold(candidate),
      before: candidate.match ?? 0,
      after: candidate.score,
      rankBefore: candidate.independentRank ?? rankAfter,
      rankAfter,
    })),
  };
}

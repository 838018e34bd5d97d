import type { CaptionCandidates } from "../../core/index.js";
import type { Profile } from "../../models/lexical/entity-profile.js";
import { fillRow } from "../../models/lexical/features.js";
import type { ScoredMention } from "../../models/lexical/lexical-model.js";
import type { ProfileCache } from "../../models/lexical/profiles.js";
import { mixOffers, RELATIONS, relate, type Ties } from "../../models/lexical/relations.js";
import { Row } from "../../models/lexical/row.js";
import { readScenes } from "../../models/lexical/scene.js";
import type { Choices } from "./choices.js";

/** Index of the gold entity among each mention's candidates, −1 when it is not there; the only place that reads gold. */
export function rightOnes({ caption, candidates }: CaptionCandidates): number[] {
  return caption.mentions.map(({ gold }, at) =>
    gold?.kind === "entity" ? (candidates[at] ?? []).findIndex(({ entity }) => entity.id === gold.id) : -1,
  );
}

/** Adds the choice of each mention whose gold entity was retrieved. */
export function addMentions(choices: Choices, caption: CaptionCandidates, profiles: ProfileCache): void {
  const row = new Row();
  const right = rightOnes(caption);
  readScenes(caption, profiles).forEach(({ scene, subjects }, at) => {
    if (right[at]! < 0) return;
    for (const subject of subjects) {
      fillRow(scene, subject, row);
      choices.addRow(row);
    }
    choices.endChoice(right[at]!);
  });
}

/** The same choices with the relations to the caption's other mentions as features, given the score without them. */
export function addCompany(
  choices: Choices,
  caption: CaptionCandidates,
  scored: readonly ScoredMention[],
): void {
  const right = rightOnes(caption);
  scored.forEach(({ scores, relations }, at) => {
    if (right[at]! < 0) return;
    scores.forEach((score, index) => {
      choices.addRow(rowOf(relations[index] ?? []), score);
    });
    choices.endChoice(right[at]!);
  });
}

/**
 * For each ordered pair of a caption's mentions two choices between "belong together" (row 1) and not (row 0): its gold
 * entities, and the one's gold with the other's best wrong candidate.
 */
export function addPairs(
  choices: Choices,
  caption: CaptionCandidates,
  scored: readonly ScoredMention[],
  ties: (profile: Profile) => Ties,
): void {
  const right = rightOnes(caption);
  const add = (a: Profile | undefined, b: Profile | undefined, together: boolean): void => {
    if (a === undefined || b === undefined) return;
    choices.addRow(rowOf([]));
    choices.addRow(rowOf([...relate(ties(a), mixOffers([[ties(b), 1]])), 1]));
    choices.endChoice(Number(together));
  };
  scored.forEach(({ profiles }, at) => {
    scored.forEach((other, otherAt) => {
      if (at === otherAt || right[at]! < 0 || right[otherAt]! < 0) return;
      const wrong = other.scores.map((score, index) => (index === right[otherAt] ? -Infinity : score));
      add(profiles[right[at]!], other.profiles[right[otherAt]!], true);
      add(profiles[right[at]!], other.profiles[wrong.indexOf(Math.max(...wrong))], false);
    });
  });
}

/** Position of the constant in the rows of `addPairs`, behind the relations. */
export const PAIR_FEATURES: readonly string[] = [...RELATIONS, "constant"];

function rowOf(values: ArrayLike<number>): Row {
  const row = new Row();
  for (let at = 0; at < values.length; at++) row.put(at, values[at]!);
  return row;
}

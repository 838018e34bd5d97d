import type { CaptionCandidates } from "../../core/index.js";
import {
  createProfileReader,
  type EntityProfile,
  type ProfileReader,
} from "../../models/lexical/entity-profile.js";
import { FeatureRow } from "../../models/lexical/feature-row.js";
import { fillRow, readMentions } from "../../models/lexical/features.js";
import type { ScoredMention } from "../../models/lexical/lexical-model.js";
import { RELATIONS, type RelationReader, relate, sumRight } from "../../models/lexical/relations.js";
import { Choices } from "./softmax-regression.js";

/** What `fitLexical` needs of the training captions. */
export interface LexicalData {
  /** One choice for each mention whose gold entity is among its candidates. */
  readonly choices: Choices;
  /** Number of the caption that each choice comes from. */
  readonly captionOf: readonly number[];
  /** Captions with several mentions. */
  readonly several: readonly CaptionCandidates[];
  /** Name score of each choice's gold entity. */
  readonly nameScores: readonly number[];
}

/** Reads captions with gold and candidates for `fitLexical`; about 400 MB for the 18,000 mentions of Wikidata-MEL. */
export async function readLexicalData(captions: AsyncIterable<CaptionCandidates>): Promise<LexicalData> {
  const choices = new Choices();
  const profileOf = createProfileReader(100_000);
  const several: CaptionCandidates[] = [];
  const captionOf: number[] = [];
  const nameScores: number[] = [];
  let count = 0;
  for await (const caption of captions) {
    addMentions(choices, caption, profileOf);
    while (captionOf.length < choices.length) captionOf.push(count);
    if (caption.caption.mentions.length > 1) several.push(caption);
    goldIndices(caption).forEach((gold, mention) => {
      if (gold >= 0) nameScores.push(caption.candidates[mention]![gold]!.nameScore);
    });
    count++;
  }
  return { choices, captionOf, several, nameScores };
}

/** Index of the gold entity among each mention's candidates, −1 if it is missing. Nothing else here reads gold. */
function goldIndices({ caption, candidates }: CaptionCandidates): number[] {
  return caption.mentions.map(({ gold }, mention) =>
    gold?.kind === "entity"
      ? (candidates[mention] ?? []).findIndex(({ entity }) => entity.id === gold.id)
      : -1,
  );
}

function addMentions(choices: Choices, caption: CaptionCandidates, profileOf: ProfileReader): void {
  const row = new FeatureRow();
  const gold = goldIndices(caption);
  readMentions(caption, profileOf).forEach(({ context, candidates }, mention) => {
    if (gold[mention]! < 0) return;
    for (const facts of candidates) {
      fillRow(context, facts, row);
      choices.addRow(row);
    }
    choices.endChoice(gold[mention]!);
  });
}

/**
 * Adds a choice for each mention with the relations to the caption's other mentions as features and the score without
 * them as offset.
 */
export function addRelations(
  choices: Choices,
  caption: CaptionCandidates,
  scored: readonly ScoredMention[],
): void {
  const gold = goldIndices(caption);
  scored.forEach(({ scores, relations }, mention) => {
    if (gold[mention]! < 0) return;
    scores.forEach((score, candidate) => {
      choices.addRow(rowOf(relations[candidate] ?? []), score);
    });
    choices.endChoice(gold[mention]!);
  });
}

/**
 * Adds two choices for each ordered pair of a caption's mentions, each between "belong together" (row 1) and "do not"
 * (row 0): the two gold entities, and the first one's gold with the second one's best wrong candidate.
 */
export function addPairs(
  choices: Choices,
  caption: CaptionCandidates,
  scored: readonly ScoredMention[],
  vectorsOf: RelationReader,
): void {
  const gold = goldIndices(caption);
  const add = (a: EntityProfile | undefined, b: EntityProfile | undefined, together: boolean): void => {
    if (a === undefined || b === undefined) return;
    choices.addRow(rowOf([]));
    choices.addRow(rowOf([...relate(vectorsOf(a), sumRight([[vectorsOf(b), 1]])), 1]));
    choices.endChoice(Number(together));
  };
  scored.forEach(({ profiles }, first) => {
    scored.forEach((other, second) => {
      if (first === second || gold[first]! < 0 || gold[second]! < 0) return;
      const wrong = other.scores.map((score, index) => (index === gold[second] ? -Infinity : score));
      add(profiles[gold[first]!], other.profiles[gold[second]!], true);
      add(profiles[gold[first]!], other.profiles[wrong.indexOf(Math.max(...wrong))], false);
    });
  });
}

/** Features of the rows that `addPairs` adds; the constant is last. */
export const PAIR_FEATURES: readonly string[] = [...RELATIONS, "constant"];

function rowOf(values: ArrayLike<number>): FeatureRow {
  const row = new FeatureRow();
  for (let i = 0; i < values.length; i++) row.put(i, values[i]!);
  return row;
}

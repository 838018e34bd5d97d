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

/** Training data for `fitLexical`. */
export interface LexicalData {
  /** One choice for each mention whose gold entity is among its candidates. */
  readonly choices: Choices;
  /** Index of each choice's caption. */
  readonly captionOf: readonly number[];
  /** The captions with several mentions. */
  readonly several: readonly CaptionCandidates[];
  /** Name score of each choice's gold entity. */
  readonly nameScores: readonly number[];
}

/**
 * Builds the training data for `fitLexical` from captions with gold entities and candidates. The data take about 400 MB of
 * memory for the 18,000 training mentions of Wikidata-MEL.
 */
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

/**
 * Returns the index of each mention's gold entity among the mention's candidates, or −1 if the gold entity is not a
 * candidate.
 */
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
 * Adds a choice for each mention whose gold entity is among its candidates. The features are the relations with the
 * caption's other mentions. The offset is the candidate's score without relations.
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
 * Adds two choices for each ordered pair of mentions in a caption. Skips mentions whose gold entity is not among their
 * candidates. Each choice is about two entities: row 1 means that they belong together, row 0 that they do not. The
 * first choice is about the two gold entities, and row 1 is correct. The second choice is about the first mention's
 * gold entity and the second mention's best wrong candidate, and row 0 is correct.
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

/** Names of the features in the rows that `addPairs` adds. The constant is the last feature. */
export const PAIR_FEATURES: readonly string[] = [...RELATIONS, "constant"];

function rowOf(values: ArrayLike<number>): FeatureRow {
  const row = new FeatureRow();
  for (let i = 0; i < values.length; i++) row.put(i, values[i]!);
  return row;
}

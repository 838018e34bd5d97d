import type { CaptionCandidates } from "../../core/index.js";
import { createProfileReader, type ProfileReader } from "../../models/lexical/entity-profile.js";
import { FeatureRow } from "../../models/lexical/feature-row.js";
import { fillRow, readMentions } from "../../models/lexical/features.js";
import { Choices } from "./softmax-regression.js";

/** A caption with gold entities and candidates. */
export interface TrainingCaption extends CaptionCandidates {
  /** Weight of the caption's mentions in the loss (default: 1). */
  readonly weight?: number;
  /** Whether the knowledge base was generated, so that its dates, occupations and sexes are random. Default: false. */
  readonly generated?: boolean;
}

/** Training data for `fitLexical`. */
export interface LexicalData {
  /** One choice for each mention whose gold entity is among its candidates. */
  readonly choices: Choices;
  /** Index of each choice's caption. */
  readonly captionOf: readonly number[];
  /** Whether each choice's knowledge base was generated. */
  readonly generated: readonly boolean[];
  /** The captions with several mentions. */
  readonly several: readonly TrainingCaption[];
  /** Name score of each choice's gold entity. */
  readonly nameScores: readonly number[];
}

/**
 * Builds the training data for `fitLexical` from captions with gold entities and candidates. The data take about 400 MB
 * of memory for the 18,000 training mentions of Wikidata-MEL.
 */
export async function readLexicalData(captions: AsyncIterable<TrainingCaption>): Promise<LexicalData> {
  const choices = new Choices();
  const profileOf = createProfileReader(100_000);
  const several: TrainingCaption[] = [];
  const captionOf: number[] = [];
  const generated: boolean[] = [];
  const nameScores: number[] = [];
  let count = 0;
  for await (const caption of captions) {
    addMentions(choices, caption, profileOf);
    while (captionOf.length < choices.length) {
      captionOf.push(count);
      generated.push(caption.generated ?? false);
    }
    if (caption.caption.mentions.length > 1) several.push(caption);
    goldIndices(caption).forEach((gold, mention) => {
      if (gold >= 0) nameScores.push(caption.candidates[mention]![gold]!.nameScore);
    });
    count++;
  }
  return { choices, captionOf, generated, several, nameScores };
}

/**
 * Returns the index of each mention's gold entity among the mention's candidates, or −1 if the gold entity is not a
 * candidate.
 */
export function goldIndices({ caption, candidates }: CaptionCandidates): number[] {
  return caption.mentions.map(({ gold }, mention) =>
    gold?.kind === "entity"
      ? (candidates[mention] ?? []).findIndex(({ entity }) => entity.id === gold.id)
      : -1,
  );
}

function addMentions(choices: Choices, caption: TrainingCaption, profileOf: ProfileReader): void {
  const row = new FeatureRow();
  const gold = goldIndices(caption);
  readMentions(caption, profileOf).forEach(({ context, candidates }, mention) => {
    if (gold[mention]! < 0) return;
    for (const facts of candidates) {
      fillRow(context, facts, row);
      choices.addRow(row);
    }
    choices.endChoice(gold[mention]!, caption.weight);
  });
}

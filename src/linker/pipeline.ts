import { setImmediate } from "node:timers/promises";
import { type Caption, type CaptionCandidates, throwIfAborted, withoutGold } from "../core/index.js";
import type { Model } from "../models/model.js";
import type { Pictures } from "../pictures/index.js";
import { type Decision, decide, type Ranked, type RankingOptions, rankCaption } from "../ranking/index.js";
import { inBatches, oneAhead } from "./batches.js";

/** Finds the candidates of a batch of captions; it may see gold, as some protocols of evaluation must. */
export type Retrieve<Found extends CaptionCandidates> = (
  captions: readonly Caption[],
) => Promise<readonly Found[]>;

/** A caption with all of its candidates ranked; the lists follow the caption's mentions. */
export interface RankedCaption<Found extends CaptionCandidates = CaptionCandidates> {
  readonly found: Found;
  readonly ranked: readonly (readonly Ranked[])[];
  readonly decisions: readonly Decision[];
}

export interface RankAllOptions extends RankingOptions {
  /** Most mentions before a batch closes (32). */
  readonly batchMentions?: number;
  /** Those that the model looks at, to be made ready beside the candidates. */
  readonly pictures?: Pick<Pictures, "preload"> | undefined;
}

/**
 * The way from captions to ranked candidates, shared by linking and evaluation: candidates of the next batch are found, and
 * its pictures decoded, while the model scores the present one. The model never sees gold. `ABORTED`, and what the parts throw.
 */
export async function* rankAll<Found extends CaptionCandidates>(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  retrieve: Retrieve<Found>,
  model: Model,
  { signal, batchMentions = 32, pictures, ...ranking }: RankAllOptions = {},
): AsyncGenerator<RankedCaption<Found>> {
  const abort = signal === undefined ? {} : { signal };
  for await (const batch of oneAhead(
    retrieved(inBatches(captions, batchMentions), retrieve, pictures),
    signal,
  )) {
    const blind = batch.map(({ caption, candidates }) => ({ caption: withoutGold(caption), candidates }));
    await setImmediate(); // parts that never wait would keep signals and timers out
    throwIfAborted(signal);
    const scores = await model.score(blind, abort);
    for (const [at, found] of batch.entries()) {
      throwIfAborted(signal);
      const options = { ...model.ranking, ...ranking, ...abort };
      const ranked = await rankCaption(blind[at]!, scores[at]!, model.pairs, options);
      yield { found, ranked, decisions: ranked.map((of) => decide(of, model.calibration)) };
    }
  }
}

async function* retrieved<Found extends CaptionCandidates>(
  batches: AsyncIterable<readonly Caption[]>,
  retrieve: Retrieve<Found>,
  pictures: RankAllOptions["pictures"],
): AsyncGenerator<readonly Found[]> {
  for await (const batch of batches) {
    const [found] = await Promise.all([retrieve(batch), pictures?.preload(batch)]);
    yield found;
  }
}

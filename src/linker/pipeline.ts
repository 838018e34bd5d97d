import { setImmediate } from "node:timers/promises";
import {
  type Caption,
  type CaptionCandidates,
  type CaptionLinks,
  type Entity,
  type MentionLink,
  type RankedCandidate,
  throwIfAborted,
} from "../core/index.js";
import type { Model } from "../models/model.js";
import { typeFilter } from "../names/index.js";
import type { Pictures } from "../pictures/index.js";
import { decide, type Ranked, type RankingOptions, rankCaption } from "../ranking/index.js";
import { type BatchItem, inBatches, oneAhead } from "./batches.js";
import { because } from "./because.js";
import { extend, forEachMention, type Prepared, prepare, type RankedCaption } from "./prepare.js";

/**
 * Finds the candidates for a batch of captions. The captions still contain their gold annotations, because some
 * evaluation protocols need them.
 */
export type Retrieve<Found extends CaptionCandidates> = (
  captions: readonly Caption[],
) => Promise<readonly Found[]>;

/** Removes the candidates that do not fit the type of their mention. Mentions without a type keep all candidates. */
export function withoutOtherTypes<Found extends CaptionCandidates>(found: Found): Found {
  const { mentions } = found.caption;
  const candidates = found.candidates.map((list, i) => {
    const type = mentions[i]!.type;
    if (type === undefined) return list;
    const fits = typeFilter(type);
    return list.filter(({ entity }) => fits(entity));
  });
  return { ...found, candidates };
}

export interface RankAllOptions extends RankingOptions {
  /** Number of mentions at which a batch closes; default 32. */
  readonly batchMentions?: number;
  /** The pictures that the model uses. A batch's pictures are loaded while its candidates are retrieved. */
  readonly pictures?: Pick<Pictures, "preload"> | undefined;
}

/** Ranks the candidates of each caption and yields the results in order. Throws the errors of `rankInputs`. */
export async function* rankAll<Found extends CaptionCandidates>(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  retrieve: Retrieve<Found>,
  model: Model,
  options: RankAllOptions = {},
): AsyncGenerator<RankedCaption<Found>> {
  for await (const { ranked } of rankInputs(inputsOf(captions), retrieve, model, options))
    if (ranked !== undefined) yield ranked;
}

async function* inputsOf(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
): AsyncGenerator<{ readonly caption: Caption }> {
  for await (const caption of captions) yield { caption };
}

/**
 * Retrieves and ranks the candidates of captions, for both linking and evaluation. While the model scores one batch,
 * retrieves the candidates of the next batch and decodes its pictures. Passes inputs without a caption through in
 * order. Removes gold annotations and merges the mentions of the same person before the model receives a caption.
 * Throws `ABORTED` if the signal fires, and the errors of `inputs`, `retrieve` and the model.
 */
export async function* rankInputs<Input extends BatchItem, Found extends CaptionCandidates>(
  inputs: AsyncIterable<Input>,
  retrieve: Retrieve<Found>,
  model: Model,
  { signal, batchMentions = 32, pictures, ...ranking }: RankAllOptions = {},
): AsyncGenerator<{ readonly input: Input; readonly ranked?: RankedCaption<Found> }> {
  const abort = signal === undefined ? {} : { signal };
  const batches = retrieved(inBatches(inputs, batchMentions), retrieve, pictures);
  for await (const { batch, prepared } of oneAhead(batches, signal)) {
    await setImmediate(); // lets signals and timers run even if no part of the pipeline waits
    throwIfAborted(signal);
    const merged = prepared.map(({ input }) => input);
    const scores =
      merged.length === 0
        ? []
        : await model.score(merged, { ...abort, collaborative: ranking.collaborative ?? true });
    let next = 0;
    for (const input of batch) {
      throwIfAborted(signal);
      if (input.caption === undefined) {
        yield { input };
        continue;
      }
      const i = next++;
      const options = { ...model.ranking, ...ranking, ...abort };
      const { mentions } = merged[i]!.caption;
      const ranked = await rankCaption(merged[i]!, scores[i]!, model, options);
      const decisions = ranked.map((candidates, at) =>
        decide(mentions[at]!.text, candidates, model.calibration),
      );
      yield { input, ranked: forEachMention(prepared[i]!, ranked, decisions) };
    }
  }
}

async function* retrieved<Input extends BatchItem, Found extends CaptionCandidates>(
  batches: AsyncIterable<readonly Input[]>,
  retrieve: Retrieve<Found>,
  pictures: RankAllOptions["pictures"],
): AsyncGenerator<{ readonly batch: readonly Input[]; readonly prepared: readonly Prepared<Found>[] }> {
  for await (const batch of batches) {
    const captions = batch.flatMap(({ caption }) => caption ?? []);
    if (captions.length === 0) yield { batch, prepared: [] };
    else {
      const extended = captions.map(extend);
      const [found] = await Promise.all([
        retrieve(extended.map(({ caption }) => caption)),
        pictures?.preload(captions),
      ]);
      yield { batch, prepared: found.map((each, i) => prepare(extended[i]!, each)) };
    }
  }
}

export interface LinksOptions {
  readonly topK: number;
  readonly explain: boolean;
  readonly model: string;
  readonly kb: string;
}

/** Converts a ranked caption to links: for each mention, the outcome and the `topK` best candidates. */
export function toLinks(
  { found, ranked, decisions, fullNames }: RankedCaption,
  { topK, explain, model, kb }: LinksOptions,
): CaptionLinks {
  const linked = new Set(decisions.flatMap(({ entity }) => entity?.id ?? []));
  const mentions = found.caption.mentions.map(({ text, span, type }, i): MentionLink => {
    const { candidates: probabilities, ...decision } = decisions[i]!;
    const independent = overtaken(ranked[i]!);
    return {
      text,
      ...span,
      ...(type !== undefined && { type }),
      ...decision,
      candidates: ranked[i]!.slice(0, topK).map((candidate, place) =>
        toRankedCandidate(candidate, explain, probabilities?.[place]),
      ),
      ...(independent && {
        independent: independent.candidate.entity,
        because: because(ranked[i]![0]!, independent, linked),
      }),
      ...(fullNames[i] && { with: fullNames[i] }),
    };
  });
  return { id: found.caption.id, mentions, model, kb };
}

/** Converts a ranked candidate to the format of links. */
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

/**
 * Returns the candidate that would rank first without the other mentions; undefined if this candidate ranks first
 * anyway.
 */
function overtaken(ranked: readonly Ranked[]): Ranked | undefined {
  if (ranked[0]?.independentRank === 1) return undefined;
  return ranked.find(({ independentRank }) => independentRank === 1);
}

/** A mention whose best candidate changed because of the caption's other mentions. */
export interface CollaborationChange {
  readonly mention: MentionLink;
  /** The entity that ranks first without the influence of other mentions. */
  readonly before: Entity;
  /** The entity that ranks first in the final ranking. */
  readonly after: Entity;
}

/** Returns the mentions of a caption whose best entity changed because of the caption's other mentions. */
export function collaborationChanges({
  mentions,
}: Pick<CaptionLinks, "mentions">): readonly CollaborationChange[] {
  return mentions.flatMap((mention) => {
    const { independent: before, candidates } = mention;
    const after = candidates[0]?.entity;
    return before && after ? [{ mention, before, after }] : [];
  });
}

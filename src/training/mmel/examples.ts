import { batched } from "../../core/batched.js";
import {
  type Candidate,
  type Caption,
  type CaptionCandidates,
  type Entity,
  goldId,
  MmelError,
  throwIfAborted,
  withoutGold,
} from "../../core/index.js";
import { lookUp, type Parts } from "../../linker/index.js";
import type { Model } from "../../models/model.js";
import { logShares } from "../../models/softmax.js";
import { type ReadingOptions, readTrainingCaptions } from "./captions.js";
import type { TrainingConfig } from "./config.js";

/** A positive or negative candidate and its prior. */
export interface Choice {
  readonly entity: Entity;
  /** Fixed term of the match logit: the lexical ranker's log m, or 0 without a lexical prior. */
  readonly prior: number;
}

/** A mention to train on. */
export interface TrainingMention {
  /** Index among the caption's mentions. */
  readonly at: number;
  readonly gold: Choice;
  /** The candidates without the gold entity, best first; at most `ExampleOptions.pool`. */
  readonly wrong: readonly Choice[];
}

/** A caption with at least one mention that can be used for training. */
export interface Example {
  readonly caption: Caption;
  readonly mentions: readonly TrainingMention[];
}

/**
 * Reads the training captions and retrieves their candidates. Throws `CONFIG` if no mention can be used for
 * training.
 */
export async function readExamples(
  config: TrainingConfig,
  parts: Parts,
  options: ReadingOptions,
): Promise<Example[]> {
  const { negatives, head, ambiguous } = config;
  const captions = await readTrainingCaptions(config, options);
  const pool = negatives.kind === "candidates" ? negatives.pool : 0;
  const prior = head.lexicalPrior ? { prior: priorOf(parts.model) } : {};
  const examples: Example[] = [];
  for await (const example of trainingExamples(captions, parts, { pool, ambiguous, ...prior })) {
    throwIfAborted(options.signal);
    examples.push(example);
    options.onRead?.(examples.length);
  }
  if (examples.length > 0) return examples;
  throw new MmelError("CONFIG", {
    what: `no training caption has ${ambiguous ? "an ambiguous mention" : "a mention"} with a gold entity and at least one other candidate in the knowledge base`,
    where: config.train.join(", "),
    hint: "Use captions with gold entities and the knowledge base they were annotated with.",
  });
}

/**
 * Computes the priors of all candidates. Element [i][j][k] of the result is the prior of candidate k of mention j of
 * caption i. The higher the prior, the more likely the candidate.
 */
export type Prior = (
  captions: readonly CaptionCandidates[],
) => Promise<readonly (readonly (readonly number[])[])[]>;

function priorOf(first: Model): Prior {
  return async (captions) =>
    (await first.score(captions)).map((mentions) => mentions.map(({ match }) => logShares(match)));
}

export interface ExampleOptions {
  /** Maximum number of negatives per mention. Mentions without negatives are skipped, unless `pool` is 0. */
  readonly pool: number;
  /** Computes the priors. By default, priors are 0 and candidates keep the order of their name scores. */
  readonly prior?: Prior;
  /**
   * Whether to keep only mentions for which the name score of a wrong candidate is higher than the gold entity's name
   * score or about equal to it.
   */
  readonly ambiguous?: boolean;
}

const BATCH = 64;
/** Number of candidates that linking retrieves per mention by default. */
const CANDIDATES = 100;

/**
 * Yields the training captions with their candidates. A gold entity that is not retrieved is added, since training
 * needs the correct entity. Skips NIL mentions, mentions whose gold entity is not in the knowledge base, and captions
 * without a usable mention.
 */
export async function* trainingExamples(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  parts: Pick<Parts, "source" | "store">,
  options: ExampleOptions,
): AsyncGenerator<Example> {
  for await (const batch of batched(captions, BATCH)) {
    const golds = await parts.store.getMany(
      batch.flatMap(({ mentions }) => mentions.flatMap((mention) => goldId(mention) ?? [])),
    );
    const found = await lookUp(parts, batch.map(withoutGold), Math.max(CANDIDATES, options.pool));
    const complete = batch.map((caption, index) => withGold(found[index]!, caption, golds));
    const priors = await options.prior?.(complete);
    for (const [index, caption] of batch.entries()) {
      const example = exampleOf(caption, complete[index]!, golds, priors?.[index], options);
      if (example.mentions.length > 0) yield example;
    }
  }
}

/** Two name scores count as about equal if their difference is at most this value. */
const TOLERANCE = 0.02;

function isAmbiguous(candidates: readonly Candidate[], gold: string): boolean {
  const score = candidates.find(({ entity }) => entity.id === gold)!.nameScore;
  return candidates.some(({ entity, nameScore }) => entity.id !== gold && nameScore >= score - TOLERANCE);
}

function withGold(
  found: CaptionCandidates,
  caption: Caption,
  golds: ReadonlyMap<string, Entity>,
): CaptionCandidates {
  const candidates = found.candidates.map((list, mention) => {
    const gold = golds.get(goldId(caption.mentions[mention]!) ?? "");
    if (gold === undefined || list.some(({ entity }) => entity.id === gold.id)) return list;
    const names = { subsequence: 0, prefix: 0, edit: 0 };
    return [...list, { entity: gold, nameScore: 0, names, matchedName: gold.label }];
  });
  return { ...found, candidates };
}

function exampleOf(
  caption: Caption,
  { candidates }: CaptionCandidates,
  golds: ReadonlyMap<string, Entity>,
  priors: readonly (readonly number[])[] | undefined,
  { pool, ambiguous = false }: ExampleOptions,
): Example {
  const mentions = caption.mentions.flatMap((mention, at): TrainingMention[] => {
    const id = goldId(mention);
    if (id === undefined || !golds.has(id)) return [];
    const choices = candidates[at]!.map(({ entity }, index) => ({
      entity,
      prior: priors?.[at]?.[index] ?? 0,
    }));
    const gold = choices.find(({ entity }) => entity.id === id)!;
    if (ambiguous && !isAmbiguous(candidates[at]!, id)) return [];
    const wrong = choices.filter((choice) => choice !== gold);
    if (priors !== undefined) wrong.sort((a, b) => b.prior - a.prior);
    return wrong.length === 0 && pool > 0 ? [] : [{ at, gold, wrong: wrong.slice(0, pool) }];
  });
  return { caption: withoutGold(caption), mentions };
}

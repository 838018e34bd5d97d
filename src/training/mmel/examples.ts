import {
  type Candidate,
  type Caption,
  type CaptionCandidates,
  type Entity,
  goldId,
  withoutGold,
} from "../../core/index.js";
import { lookUp, type Parts } from "../../linker/index.js";

/** A wrong candidate, or the right one, with what the first stage says of it. */
export interface Choice {
  readonly entity: Entity;
  /** Fixed term of the match logit: the lexical ranker's score, or 0. */
  readonly prior: number;
}

/** A mention to learn from. */
export interface TrainingMention {
  /** Index among the caption's mentions. */
  readonly at: number;
  readonly gold: Choice;
  /** The other candidates, best-placed first. */
  readonly wrong: readonly Choice[];
}

/** A caption with at least one mention whose gold entity the knowledge base has. */
export interface Example {
  readonly caption: Caption;
  readonly mentions: readonly TrainingMention[];
}

/** The first stage's term for every candidate of every mention of some captions, in order; higher is better. */
export type Prior = (
  captions: readonly CaptionCandidates[],
) => Promise<readonly (readonly (readonly number[])[])[]>;

export interface ExampleOptions {
  /** How many wrong candidates are kept a mention; a mention without any is left out. 0: none are wanted. */
  readonly pool: number;
  /** Absent: the order of the names, and no term in the logit. */
  readonly prior?: Prior;
  /** Keep only mentions whose name fits a wrong candidate as well as gold. */
  readonly ambiguous?: boolean;
}

const BATCH = 64;
/** What linking looks up a mention. */
const CANDIDATES = 100;

/**
 * Looks up the candidates of training captions once. A gold entity that was not retrieved is added, since training
 * needs the right answer; NIL mentions and those whose gold is not in the knowledge base teach nothing and are left out.
 */
export async function* trainingExamples(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  { source, store }: Pick<Parts, "source" | "store">,
  options: ExampleOptions,
): AsyncGenerator<Example> {
  for await (const batch of batched(captions, BATCH)) {
    const golds = await store.getMany(
      batch.flatMap(({ mentions }) => mentions.flatMap((m) => goldId(m) ?? [])),
    );
    const found = await lookUp(source, batch.map(withoutGold), Math.max(CANDIDATES, options.pool));
    const complete = batch.map((caption, at) => withGold(found[at]!, caption, golds));
    const priors = await options.prior?.(complete);
    for (const [at, caption] of batch.entries()) {
      const example = exampleOf(caption, complete[at]!, golds, priors?.[at], options);
      if (example.mentions.length > 0) yield example;
    }
  }
}

/** Name scores nearer than this are as good as equal. */
const NEAR = 0.02;

function isAmbiguous(candidates: readonly Candidate[], gold: string): boolean {
  const score = candidates.find(({ entity }) => entity.id === gold)!.nameScore;
  return candidates.some(({ entity, nameScore }) => entity.id !== gold && nameScore >= score - NEAR);
}

function withGold(
  found: CaptionCandidates,
  caption: Caption,
  golds: ReadonlyMap<string, Entity>,
): CaptionCandidates {
  const candidates = found.candidates.map((list, at) => {
    const gold = golds.get(goldId(caption.mentions[at]!) ?? "");
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

async function* batched<T>(values: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const value of values) {
    batch.push(value);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

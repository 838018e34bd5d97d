import { join } from "node:path";
import type { Caption } from "../../core/index.js";
import { makeFolder } from "../../core/make-folder.js";
import { createPairEncoder, createTokenizer, type TextTokenizer } from "../../encoders/index.js";
import { evaluate } from "../../evaluation/index.js";
import { writeAtomically } from "../../formats/index.js";
import { openParts, type Parts } from "../../linker/index.js";
import { createCascade, selectionSchema } from "../../models/cascade/index.js";
import type { CheckpointConfig } from "../../models/checkpoint/index.js";
import { withImageLikeness } from "../../models/image-likeness/index.js";
import { createPairReader, createScorer, mmelModel } from "../../models/mmel/index.js";
import type { Model } from "../../models/model.js";
import { loadUncalibrated } from "../../models/registry.js";
import { clearLeftovers } from "../../models/replace-folder.js";
import type { ImageSource } from "../../pictures/index.js";
import type { Engine } from "../../tensor/engine/index.js";
import { openRunRecord, withWriteErrors } from "../record/run-record.js";
import { type ReadingOptions, readDev } from "./captions.js";
import type { TrainingConfig } from "./config.js";
import { readExamples } from "./examples.js";
import { readOrders } from "./hard-negatives.js";
import { runSteps, type TrainingProgress } from "./run.js";
import { negativesOf } from "./sample.js";
import { openTrainingImages, type Start, startingPoint, weightsOf } from "./start.js";
import { assertNew, type DevFigures, fingerprint, NO_PROGRESS, readState } from "./state.js";
import { createTrainer, type Trainer } from "./trainer.js";

export interface TrainOptions extends ReadingOptions {
  /**
   * Folder of the run. Contains the best checkpoint in `model/`, the state to resume from in `state/`, the metrics and
   * the report.
   */
  readonly output: string;
  /** Whether to resume from the state in `output`, if there is one; default: false. */
  readonly resume?: boolean;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

export interface TrainingResult {
  /** Folder of the best checkpoint. */
  readonly model: string;
  /** Number of steps taken. */
  readonly steps: number;
  readonly best: DevFigures & { readonly step: number };
  readonly seconds: number;
}

/**
 * Trains a model with the given configuration (section 3.4 of the paper) and selects the best checkpoint on a sample of
 * the dev captions. A run that is killed at any moment can be resumed. The resumed run ends with exactly the same
 * weights as an uninterrupted run. If aborted, saves the current state before throwing.
 *
 * Throws `CONFIG` if the configuration does not match the data or the model to continue from. Throws `RESUME` if
 * `output` already contains a training run and `resume` is false, or if the run to resume has a different configuration
 * or different data. Throws `NOT_A_NUMBER` if the loss or a gradient is not finite, and `FILE_UNWRITABLE` if a file
 * cannot be written, for example because the disk is full. In both cases, the last state and the best checkpoint stay
 * intact.
 */
export async function train(config: TrainingConfig, options: TrainOptions): Promise<TrainingResult> {
  const { output, signal, resume = false } = options;
  if (!resume) await assertNew(output);
  await using images = await openTrainingImages(config, options);
  const starting = await startingPoint(config, images);
  const { model: lexical } = await loadUncalibrated("lexical"); // the hash of a cascade's first stage excludes calibration
  const first =
    config.sight === undefined ? lexical : await withImageLikeness(lexical, config.sight, images?.open);
  await using parts = await openParts({ kb: config.kb, model: first });
  const dev = await readDev(config, options);
  const examples = await readExamples(config, parts, options);
  const print = fingerprint(config, parts, examples, images);
  const resumed = resume ? await readState(join(output, "state"), print) : undefined;
  await withWriteErrors(output, makeFolder(output));
  await withWriteErrors(output, clearLeftovers(join(output, "model")), resume ? output : undefined);
  if (!resume) await writeAtomically(join(output, "config.json"), [`${JSON.stringify(config, null, 2)}\n`]);
  const start = withRanking(withFirstStage(starting, config, parts), config);
  const tokenizer = createTokenizer(start.tokenizer, start.config.encoder.vocab_size, output);
  const negatives = await negativesOf(config, parts.store);
  await using trainer = await createTrainer({
    config,
    architecture: start.config,
    tokenizer,
    weights: weightsOf(start),
    examples,
    negatives,
    images: images?.source,
  });
  if (resumed !== undefined) {
    const { state, progress } = resumed;
    await trainer.engine.restore(state);
    if (progress.refreshes > 0)
      trainer.useOrders(await readOrders(join(output, "state"), progress.refreshes));
  }
  const from = resumed?.progress ?? NO_PROGRESS;
  await using record = await openRunRecord(output, from.step);
  const evaluated = { config, parts, start, tokenizer, trainer, images: images?.source, signal };
  const { best, step, seconds } = await runSteps(
    {
      config,
      output,
      signal,
      onProgress: options.onProgress,
      fingerprint: print,
      start,
      trainer,
      record,
      measure: () => measure(dev, evaluated),
    },
    from,
  );
  return { model: join(output, "model"), steps: step, best: best!, seconds };
}

/**
 * Adds two settings to the checkpoint's configuration: the first stage (the lexical ranker), and the rules that select
 * candidates for the network. Returns `start` unchanged if there is no lexical prior.
 */
function withFirstStage(start: Start, { head, evaluation }: TrainingConfig, { model }: Parts): Start {
  if (!head.lexicalPrior) return start;
  const firstStage = { name: model.name, hash: model.hash };
  const selection = selectionSchema.parse({ ...start.config.selection, most: evaluation.candidates });
  return { ...start, config: { ...start.config, firstStage, selection } };
}

/** Adds the ranking settings to the checkpoint's configuration, if they are not the default ones. */
function withRanking(start: Start, { ranking: { select } }: TrainingConfig): Start {
  if (select === "mean") return start;
  return { ...start, config: { ...start.config, ranking: { ...start.config.ranking, select } } };
}

interface Evaluated {
  readonly config: TrainingConfig;
  readonly parts: Parts;
  readonly start: Start;
  readonly tokenizer: TextTokenizer;
  readonly trainer: Trainer;
  readonly images: ImageSource | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Number of candidates per mention that the first stage of a cascade scores. */
const CANDIDATES = 100;

/** Links the dev sample with the current weights. */
async function measure(
  dev: readonly Caption[],
  { config, parts, start, tokenizer, trainer, images, signal }: Evaluated,
): Promise<DevFigures> {
  const { candidates, protocol, collaborative } = config.evaluation;
  const first = config.head.lexicalPrior ? parts.model : undefined;
  const { result } = await evaluate(dev, {
    kb: parts.store,
    model: await trainedModel(start.config, tokenizer, trainer.engine, first, images),
    protocol,
    candidates: first === undefined ? candidates : CANDIDATES,
    collaborative,
    ...(signal !== undefined && { signal }),
  });
  const { top1, top5 } = result.all;
  return { top1: top1 ?? 0, top5: top5 ?? 0 };
}

/**
 * Creates a model that uses the engine's current weights. Closing the model closes neither the engine nor the first
 * stage.
 */
async function trainedModel(
  config: CheckpointConfig,
  tokenizer: TextTokenizer,
  engine: Engine,
  first: Model | undefined,
  images?: ImageSource,
): Promise<Model> {
  const { name, head, input, ranking, selection = selectionSchema.parse({}) } = config;
  const reader = createPairReader({ config: head, encoder: createPairEncoder(tokenizer, input), images });
  const scorer = await createScorer({ architecture: config, engine, reader });
  const release = async (): Promise<void> => {};
  if (first === undefined) {
    const kept: Engine = { ...engine, close: release, [Symbol.asyncDispose]: release };
    return mmelModel({ name, hash: "training", config: head, scorer, engine: kept, ranking });
  }
  const borrowed: Model = { ...first, close: release, [Symbol.asyncDispose]: release };
  return createCascade({ name, hash: "training", first: borrowed, config: head, scorer, release, selection });
}

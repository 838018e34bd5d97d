import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Caption } from "../../core/index.js";
import { createTokenizer } from "../../encoders/index.js";
import { evaluate } from "../../evaluation/index.js";
import { writeAtomically } from "../../formats/index.js";
import { openParts, type Parts } from "../../linker/index.js";
import { selectionSchema } from "../../models/cascade/index.js";
import { withImageLikeness } from "../../models/image-likeness/index.js";
import { loadUncalibrated } from "../../models/registry.js";
import type { ImageSource } from "../../pictures/index.js";
import { openRunRecord } from "../record/run-record.js";
import { writing } from "../record/writing.js";
import type { TrainingConfig } from "./config.js";
import { fingerprint, type ReadingOptions, readDev, readExamples } from "./captions.js";
import { negativesOf } from "./first-stage.js";
import { openTrainingImages } from "./images.js";
import { clearLeftovers } from "./leftovers.js";
import { run, type TrainingProgress } from "./run.js";
import { type Start, startingPoint, weightsOf } from "./start.js";
import { assertNew, BEGINNING, readState } from "./state.js";
import { trainedModel } from "./trained-model.js";
import { createTrainer, type Trainer } from "./trainer.js";

export interface TrainOptions extends ReadingOptions {
  /** Folder of the run: `model/` the best checkpoint, `state/` to go on from, the record and its page. */
  readonly output: string;
  /** Go on from the state in `output`, if there is one. */
  readonly resume?: boolean;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

export interface TrainingResult {
  /** Folder of the best checkpoint. */
  readonly model: string;
  /** Steps taken. */
  readonly steps: number;
  readonly best: { readonly top1: number; readonly step: number };
  readonly seconds: number;
}

/**
 * Trains as section 4 of the specification and the configuration say, selecting on a dev sample. A run that is killed at
 * any moment goes on with `resume` and ends with the same weights, bit by bit. `NOT_A_NUMBER` and `FILE_UNWRITABLE` (a
 * full disk) end it with the last good state and checkpoint intact; so does an abort, which saves the step it had come
 * to. `CONFIG`; `RESUME` when `output` holds another training.
 */
export async function train(config: TrainingConfig, options: TrainOptions): Promise<TrainingResult> {
  const { output, signal, resume = false } = options;
  if (!resume) await assertNew(output);
  await using images = await openTrainingImages(config, options);
  const start = await startingPoint(config, images);
  const { model: text } = await loadUncalibrated("lexical"); // a cascade knows its first stage by its weights alone
  const first = config.sight === undefined ? text : await withImageLikeness(text, config.sight, images?.open);
  await using parts = await openParts({ kb: config.kb, model: first });
  const dev = await readDev(config, options);
  const examples = await readExamples(config, parts, options);
  const print = fingerprint(config, parts, examples, images);
  const resumed = resume ? await readState(join(output, "state"), print) : undefined;
  await writing(output, mkdir(output, { recursive: true }));
  await writing(output, clearLeftovers(output));
  if (!resume) await writeAtomically(join(output, "config.json"), [`${JSON.stringify(config, null, 2)}\n`]);
  const architecture = withFirstStage(start, config, parts);
  const tokenizer = createTokenizer(start.tokenizer, architecture.config.encoder.vocab_size, output);
  const negatives = await negativesOf(config, parts.store);
  await using trainer = await createTrainer({
    config,
    architecture: architecture.config,
    tokenizer,
    weights: weightsOf(start),
    examples,
    negatives,
    images: images?.source,
  });
  if (resumed !== undefined) await trainer.engine.restore(resumed.state);
  const from = resumed?.standing ?? BEGINNING;
  await using record = await openRunRecord(output, from.step);
  const { best, step, seconds } = await run(
    {
      config,
      output,
      signal,
      onProgress: options.onProgress,
      fingerprint: print,
      start: architecture,
      trainer,
      record,
      top1: () =>
        top1Of(dev, {
          config,
          parts,
          start: architecture,
          tokenizer,
          trainer,
          images: images?.source,
          signal,
        }),
    },
    from,
  );
  return { model: join(output, "model"), steps: step, best: best!, seconds };
}

/** What the checkpoint says of the lexical ranker below the network, and what that ranker passes on. */
function withFirstStage(start: Start, { head, evaluation }: TrainingConfig, { model }: Parts): Start {
  if (!head.lexicalPrior) return start;
  const firstStage = { name: model.name, hash: model.hash };
  const selection = selectionSchema.parse({ ...start.config.selection, most: evaluation.candidates });
  return { ...start, config: { ...start.config, firstStage, selection } };
}

interface Evaluated {
  readonly config: TrainingConfig;
  readonly parts: Parts;
  readonly start: Start;
  readonly tokenizer: ReturnType<typeof createTokenizer>;
  readonly trainer: Trainer;
  readonly images: ImageSource | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Each mention by itself: what the match score alone has learnt. */
async function top1Of(dev: readonly Caption[], of: Evaluated): Promise<number> {
  const { config, parts, start, tokenizer, trainer, images, signal } = of;
  const { candidates, protocol } = config.evaluation;
  const first = config.head.lexicalPrior ? parts.model : undefined;
  const { result } = await evaluate(dev, {
    kb: parts.store,
    model: await trainedModel(start.config, tokenizer, trainer.engine, first, images),
    protocol,
    candidates: first === undefined ? candidates : CANDIDATES,
    collaborative: false,
    ...(signal !== undefined && { signal }),
  });
  return result.all.top1 ?? 0;
}

/** What the first stage of a cascade is given a mention. */
const CANDIDATES = 100;

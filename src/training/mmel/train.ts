import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Caption, createRandom, MmelError } from "../../core/index.js";
import { createTokenizer } from "../../encoders/index.js";
import type { Weight } from "../../engine/index.js";
import { evaluate, sampleCaptions } from "../../evaluation/index.js";
import { readCaptions, writeAtomically } from "../../formats/index.js";
import { openParts, type Parts } from "../../linker/index.js";
import { type CheckpointContent, saveCheckpoint } from "../../models/checkpoint/index.js";
import { parametersOf } from "../../models/mmel/index.js";
import { openRunRecord, type RunRecord } from "../record/run-record.js";
import { trainingPage } from "../record/training-page.js";
import type { TrainingConfig } from "./config.js";
import { type Example, trainingExamples } from "./examples.js";
import { negativesOf, priorOf } from "./first-stage.js";
import { startingPoint } from "./start.js";
import { readState, type Standing, saveState } from "./state.js";
import { trainedModel } from "./trained-model.js";
import { createTrainer, type Trainer } from "./trainer.js";

export interface TrainOptions {
  /** Folder of the run: `model/` the best checkpoint, `state/` to go on from, the record and its page. */
  readonly output: string;
  /** Go on from the state in `output`, if there is one. */
  readonly resume?: boolean;
  /** Begin with this checkpoint's weights instead of the pretrained encoder and a random head. */
  readonly init?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  /** Smoothed over some 50 steps. */
  readonly loss: number;
  /** Of the latest evaluation on the dev sample. */
  readonly top1?: number | undefined;
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
 * any moment goes on with `resume` and ends with the same weights, bit by bit. `NOT_A_NUMBER` and a full disk end it with
 * the last good state and checkpoint intact; so does an abort.
 */
export async function train(config: TrainingConfig, options: TrainOptions): Promise<TrainingResult> {
  const { output, signal } = options;
  await mkdir(output, { recursive: true });
  const print = fingerprint(config);
  if (!options.resume)
    await writeAtomically(join(output, "config.json"), [`${JSON.stringify(config, null, 2)}\n`]);
  const resumed = options.resume ? await readState(join(output, "state"), print) : undefined;
  const start = await startingPoint(config, options.init);
  await using parts = await openParts({ kb: config.kb, model: "lexical" });
  const examples = await gather(config, parts, signal);
  const tokenizer = createTokenizer(start.tokenizer, start.config.encoder.vocab_size, config.encoder);
  const negatives = await negativesOf(config, parts.store);
  await using trainer = await createTrainer({
    config,
    architecture: start.config,
    tokenizer,
    weights: weightsOf(start),
    examples,
    negatives,
  });
  if (resumed !== undefined) await trainer.engine.restore(resumed.state);
  await using record = await openRunRecord(output, resumed?.standing.step ?? 0);
  const first = config.head.lexicalPrior ? parts.model : undefined;
  const dev = await devSample(config);
  const top1 = async (): Promise<number> => {
    const { candidates, protocol } = config.evaluation;
    const model = await trainedModel(start.config, tokenizer, trainer.engine, first, candidates);
    const limit = first === undefined ? candidates : 100;
    const { result } = await evaluate(dev, {
      kb: parts.store,
      model,
      protocol,
      candidates: limit,
      collaborative: false,
      ...(signal !== undefined && { signal }),
    });
    return result.all.top1 ?? 0;
  };
  return await run({ config, options, print, start, trainer, record, top1 }, resumed?.standing);
}

interface Run {
  readonly config: TrainingConfig;
  readonly options: TrainOptions;
  readonly print: string;
  readonly start: CheckpointContent;
  readonly trainer: Trainer;
  readonly record: RunRecord;
  readonly top1: () => Promise<number>;
}

async function run(of: Run, from: Standing = { step: 0, withoutGain: 0 }): Promise<TrainingResult> {
  const { config, options, trainer, record } = of;
  const began = performance.now() - 1000 * (record.measurements.at(-1)?.seconds ?? 0);
  const seconds = (): number => (performance.now() - began) / 1000;
  let standing = from;
  let smooth: number | undefined;
  while (standing.step < trainer.steps && standing.withoutGain < config.evaluation.patience) {
    const step = standing.step + 1;
    const { loss, gradientNorm, learningRate } = await trainer.step(standing.step, options.signal);
    smooth = smooth === undefined ? loss : 0.98 * smooth + 0.02 * loss;
    standing = { ...standing, step };
    const isDue = step % config.evaluation.every === 0 || step === trainer.steps;
    if (step % LOG_EVERY === 0 || isDue)
      await record.add({ step, seconds: seconds(), values: { loss: smooth, gradientNorm, learningRate } });
    if (isDue) standing = await evaluated(of, standing, seconds);
    const { top1 } = record.measurements.findLast(({ values }) => "top1" in values)?.values ?? {};
    options.onProgress?.({ step, steps: trainer.steps, loss: smooth, top1 });
  }
  const best = standing.best ?? { top1: 0, step: 0 };
  return { model: join(options.output, "model"), steps: standing.step, best, seconds: seconds() };
}

const LOG_EVERY = 20;

/** Measures on dev, keeps the checkpoint when it is the best so far, and saves the state to go on from. */
async function evaluated(of: Run, before: Standing, seconds: () => number): Promise<Standing> {
  const { config, options, print, start, trainer, record } = of;
  const { step } = before;
  const top1 = await of.top1();
  const better = before.best === undefined || top1 > before.best.top1;
  const standing: Standing = {
    step,
    best: better ? { top1, step } : before.best,
    withoutGain: better ? 0 : before.withoutGain + 1,
  };
  await record.add({ step, seconds: seconds(), values: { top1 } });
  const state = await trainer.engine.state();
  if (better) {
    const training = {
      config: settingsOf(config),
      step,
      steps: trainer.steps,
      devTop1: top1,
      devCaptions: config.evaluation.sample,
    };
    await saveCheckpoint(join(options.output, "model"), {
      ...start,
      config: { ...start.config, training },
      weights: state.weights,
    });
  }
  await saveState(join(options.output, "state"), state, standing, print);
  await writeAtomically(join(options.output, "report.html"), [
    await trainingPage(config.name, record.measurements),
  ]);
  return standing;
}

async function gather(
  config: TrainingConfig,
  parts: Parts,
  signal: AbortSignal | undefined,
): Promise<Example[]> {
  const pool = config.negatives.kind === "candidates" ? config.negatives.pool : 1;
  const prior = config.head.lexicalPrior ? { prior: priorOf(parts.model) } : {};
  const examples: Example[] = [];
  const captions = await chosen(captionsOf(config.train, signal), config.sample, config.seed);
  for await (const example of trainingExamples(captions, parts, { pool, ...prior })) examples.push(example);
  if (examples.length > 0) return examples;
  throw new MmelError("CONFIG", {
    what: "no training caption has a mention whose gold entity is in the knowledge base",
    where: config.train.join(", "),
    hint: "captions with gold, and the knowledge base they were annotated with",
  });
}

async function* captionsOf(files: readonly string[], signal?: AbortSignal): AsyncGenerator<Caption> {
  for (const file of files)
    for await (const read of readCaptions(file, signal === undefined ? {} : { signal }))
      if (read.kind === "record") yield read.value;
}

const chosen = (captions: AsyncIterable<Caption>, size: number | undefined, seed: number) =>
  size === undefined ? captions : sampleCaptions(captions, size, createRandom(`${seed}/captions`));

const devSample = ({ dev, evaluation, seed }: TrainingConfig): Promise<readonly Caption[]> =>
  sampleCaptions(captionsOf([dev]), evaluation.sample, createRandom(`${seed}/dev`));

function weightsOf(start: CheckpointContent): Weight[] {
  return parametersOf(start.config).map(({ name, shape }) => ({
    name,
    shape,
    source: { kind: "data", data: start.weights.get(name)! },
  }));
}

/** The settings without the places on this machine. */
function settingsOf({
  kb: _kb,
  train: _train,
  dev: _dev,
  output: _output,
  encoder: _encoder,
  ...settings
}: TrainingConfig) {
  return JSON.parse(JSON.stringify(settings));
}

const fingerprint = (config: TrainingConfig): string =>
  createHash("sha256")
    .update(JSON.stringify(settingsOf(config)))
    .digest("hex")
    .slice(0, 16);

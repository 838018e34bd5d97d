import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import { writeAtomically } from "../../formats/index.js";
import { saveCheckpoint } from "../../models/checkpoint/index.js";
import { copyImageLikeness } from "../../models/image-likeness/index.js";
import { bundledFolder } from "../../models/registry.js";
import type { RunRecord } from "../record/run-record.js";
import { trainingPage } from "../record/training-page.js";
import { writing } from "../record/writing.js";
import type { TrainingConfig } from "./config.js";
import { settingsOf } from "./captions.js";
import type { Start } from "./start.js";
import { type Standing, saveState } from "./state.js";
import type { Trainer } from "./trainer.js";

export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  /** Smoothed over some 50 steps. */
  readonly loss: number;
  /** Of the latest evaluation on the dev sample. */
  readonly top1?: number | undefined;
}

/** A training, ready to run. */
export interface Run {
  readonly config: TrainingConfig;
  /** Folder of the run. */
  readonly output: string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: TrainingProgress) => void) | undefined;
  /** Of configuration and data. */
  readonly fingerprint: string;
  readonly start: Start;
  readonly trainer: Trainer;
  readonly record: RunRecord;
  /** Top-1 on the dev sample with the weights as they are. */
  readonly top1: () => Promise<number>;
}

/** Seconds of training so far. */
type Clock = () => number;

const LOG_EVERY = 20;

/** Steps and evaluates until the last step or the end of patience; an abort first saves what was done. */
export async function run(of: Run, from: Standing): Promise<Standing> {
  const began = performance.now() - 1000 * from.seconds;
  const clock = (): number => (performance.now() - began) / 1000;
  let standing = from;
  try {
    for (;;) {
      if (isDue(of, standing)) standing = await evaluated(of, standing, clock);
      if (isOver(of, standing)) return standing;
      standing = await stepped(of, standing, clock);
    }
  } catch (error) {
    if (error instanceof MmelError && error.code === "ABORTED" && standing !== from) await keep(of, standing);
    throw error;
  }
}

const isDue = ({ config, trainer }: Run, { step, evaluated }: Standing): boolean =>
  step > evaluated && (step % config.evaluation.every === 0 || step === trainer.steps);

const isOver = ({ config, trainer }: Run, { step, withoutGain }: Standing): boolean =>
  step >= trainer.steps || withoutGain >= config.evaluation.patience;

async function stepped(of: Run, before: Standing, clock: Clock): Promise<Standing> {
  const { trainer, record, onProgress } = of;
  const result = await trainer.step(before.step, of.signal);
  const { gradientNorm, learningRate } = result;
  const loss = before.loss === undefined ? result.loss : 0.98 * before.loss + 0.02 * result.loss;
  const standing = { ...before, step: before.step + 1, seconds: clock(), loss };
  const { step, seconds } = standing;
  if (step % LOG_EVERY === 0 || isDue(of, standing))
    await record.add({ step, seconds, values: { loss, gradientNorm, learningRate } });
  const { top1 } = record.measurements.findLast(({ values }) => "top1" in values)?.values ?? {};
  onProgress?.({ step, steps: trainer.steps, loss, top1 });
  return standing;
}

/** Measures on dev, keeps the checkpoint when it is the best so far, and saves the state to go on from. */
async function evaluated(of: Run, before: Standing, clock: Clock): Promise<Standing> {
  const { step, best } = before;
  const top1 = await of.top1();
  const better = best === undefined || top1 > best.top1;
  const standing: Standing = {
    ...before,
    evaluated: step,
    best: better ? { top1, step } : best,
    withoutGain: better ? 0 : before.withoutGain + 1,
    seconds: clock(),
  };
  await of.record.add({ step, seconds: standing.seconds, values: { top1 } });
  if (better) await keepBest(of, step, top1);
  await keep(of, standing);
  await writeAtomically(join(of.output, "report.html"), [
    await trainingPage(of.config.name, of.record.measurements),
  ]);
  return standing;
}

async function keepBest({ config, output, start, trainer }: Run, step: number, top1: number): Promise<void> {
  const folder = join(output, "model");
  const training = {
    ...(start.from !== undefined && { from: start.from }),
    settings: JSON.parse(JSON.stringify(settingsOf(config))),
    step,
    steps: trainer.steps,
    devTop1: top1,
    devCaptions: config.evaluation.sample,
  };
  const weights = await trainer.engine.weights();
  await writing(folder, saveCheckpoint(folder, { ...start, config: { ...start.config, training }, weights }));
  const sight = config.sight ?? (config.init && (bundledFolder(config.init) ?? config.init));
  if (sight !== undefined) await writing(folder, copyImageLikeness(sight, folder));
}

async function keep({ output, trainer, fingerprint }: Run, standing: Standing): Promise<void> {
  const folder = join(output, "state");
  await writing(folder, saveState(folder, await trainer.engine.state(), standing, fingerprint));
}

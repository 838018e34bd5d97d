import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import { writeAtomically } from "../../formats/index.js";
import { saveCheckpoint } from "../../models/checkpoint/index.js";
import { copyImageLikeness } from "../../models/image-likeness/index.js";
import { bundledFolder } from "../../models/registry.js";
import { type RunRecord, trainingPage, withWriteErrors } from "../record/run-record.js";
import type { TrainingConfig } from "./config.js";
import { saveOrders } from "./hard-negatives.js";
import type { Start } from "./start.js";
import { type DevFigures, type Progress, saveState, settingsOf } from "./state.js";
import type { Trainer } from "./trainer.js";

export interface TrainingProgress {
  readonly step: number;
  readonly steps: number;
  /** Loss, smoothed over about 50 steps. */
  readonly loss: number;
  /** Top-1 on the dev sample in the latest evaluation. */
  readonly top1?: number | undefined;
}

/** A training run that is ready to start. */
export interface Run {
  readonly config: TrainingConfig;
  /** Folder of the run. */
  readonly output: string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: TrainingProgress) => void) | undefined;
  /** Fingerprint of the configuration and the data. */
  readonly fingerprint: string;
  readonly start: Start;
  readonly trainer: Trainer;
  readonly record: RunRecord;
  /** Evaluates the current weights on the dev sample. */
  readonly measure: () => Promise<DevFigures>;
}

/** Returns the training time so far, in seconds. */
type Clock = () => number;

const LOG_EVERY = 20;

/**
 * Trains and evaluates until the last step, or until `patience` evaluations in a row bring no improvement. If aborted,
 * saves the current state before throwing.
 */
export async function runSteps(run: Run, from: Progress): Promise<Progress> {
  const began = performance.now() - 1000 * from.seconds;
  const clock = (): number => (performance.now() - began) / 1000;
  let progress = from;
  try {
    for (;;) {
      if (isEvaluationDue(run, progress)) progress = await evaluateAndSave(run, progress, clock);
      if (isFinished(run, progress)) return progress;
      if (refreshesDue(run, progress) > progress.refreshes) progress = await refresh(run, progress, clock);
      progress = await takeStep(run, progress, clock);
    }
  } catch (error) {
    if (error instanceof MmelError && error.code === "ABORTED" && progress !== from)
      await save(run, progress);
    throw error;
  }
}

const isEvaluationDue = ({ config, trainer }: Run, { step, evaluated }: Progress): boolean =>
  step > evaluated && (step % config.evaluation.every === 0 || step === trainer.steps);

const isFinished = ({ config, trainer }: Run, { step, withoutGain }: Progress): boolean =>
  step >= trainer.steps || withoutGain >= config.evaluation.patience;

/** Returns how many of the `refreshes` of the negatives are due by the given step. */
function refreshesDue({ config: { negatives }, trainer }: Run, { step }: Progress): number {
  const { refreshes } = ordered(negatives);
  return Math.min(refreshes, Math.floor((step * (refreshes + 1)) / trainer.steps));
}

/** Returns how often the negatives are ordered and how many are scored; never and none if they are not candidates. */
const ordered = (negatives: Run["config"]["negatives"]) =>
  negatives.kind === "candidates" ? negatives : { refreshes: 0, scored: 0 };

/** Orders the negatives with the current weights, and saves the state, so that a resumed run has the same order. */
async function refresh(run: Run, before: Progress, clock: Clock): Promise<Progress> {
  const { config, trainer, output, signal } = run;
  const orders = await trainer.orders(ordered(config.negatives).scored, signal);
  const progress = { ...before, refreshes: refreshesDue(run, before), seconds: clock() };
  const folder = join(output, "state");
  await withWriteErrors(folder, saveOrders(folder, progress.refreshes, orders), output);
  await save(run, progress);
  trainer.useOrders(orders);
  return progress;
}

async function takeStep(run: Run, before: Progress, clock: Clock): Promise<Progress> {
  const { trainer, record, onProgress } = run;
  const result = await trainer.step(before.step, run.signal);
  const { gradientNorm, learningRate } = result;
  const loss = before.loss === undefined ? result.loss : 0.98 * before.loss + 0.02 * result.loss;
  const progress = { ...before, step: before.step + 1, seconds: clock(), loss };
  const { step, seconds } = progress;
  if (step % LOG_EVERY === 0 || isEvaluationDue(run, progress))
    await record.add({ step, seconds, values: { loss, gradientNorm, learningRate } });
  const { top1 } = record.measurements.findLast(({ values }) => "top1" in values)?.values ?? {};
  onProgress?.({ step, steps: trainer.steps, loss, top1 });
  return progress;
}

/**
 * Evaluates the model on the dev sample, saves the checkpoint if the result is the best so far, and saves the training
 * state and the report.
 */
async function evaluateAndSave(run: Run, before: Progress, clock: Clock): Promise<Progress> {
  const { step, best } = before;
  const { measure } = run.config.evaluation;
  const { figures, better, seconds } = await withAverages(run, async () => {
    const figures = await run.measure();
    const better = best === undefined || figures[measure] > best[measure];
    const seconds = clock();
    await run.record.add({ step, seconds, values: { ...figures } });
    if (better) await saveBest(run, step, figures);
    return { figures, better, seconds };
  });
  const progress: Progress = {
    ...before,
    evaluated: step,
    best: better ? { ...figures, step } : best,
    withoutGain: better ? 0 : before.withoutGain + 1,
    seconds,
  };
  await save(run, progress);
  const report = join(run.output, "report.html");
  const page = await trainingPage(run.config.name, run.record.measurements);
  await withWriteErrors(report, writeAtomically(report, [page]), run.output);
  return progress;
}

/** Calls `use` while the engine has the averages of the weights, if the configuration asks for averages. */
async function withAverages<T>({ trainer: { engine } }: Run, use: () => Promise<T>): Promise<T> {
  await engine.exchange();
  try {
    return await use();
  } finally {
    await engine.exchange();
  }
}

async function saveBest(
  { config, output, start, trainer }: Run,
  step: number,
  figures: DevFigures,
): Promise<void> {
  const folder = join(output, "model");
  const training = {
    ...(start.from !== undefined && { from: start.from }),
    settings: JSON.parse(JSON.stringify(settingsOf(config))),
    step,
    steps: trainer.steps,
    devTop1: figures.top1,
    devTop5: figures.top5,
    devCaptions: config.evaluation.sample,
  };
  const weights = await trainer.engine.weights();
  const content = { ...start, config: { ...start.config, training }, weights };
  await withWriteErrors(folder, saveCheckpoint(folder, content), output);
  const sight = config.sight ?? (config.init && (bundledFolder(config.init) ?? config.init));
  if (sight !== undefined) await withWriteErrors(folder, copyImageLikeness(sight, folder), output);
}

async function save({ output, trainer, fingerprint }: Run, progress: Progress): Promise<void> {
  const folder = join(output, "state");
  const state = await trainer.engine.state();
  await withWriteErrors(folder, saveState(folder, state, progress, fingerprint), output);
}

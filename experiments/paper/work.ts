import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { goldId, MmelError } from "../../src/core/index.js";
import { evaluate, type MentionRecord } from "../../src/evaluation/index.js";
import { parseTrainingConfig, type TrainingConfig } from "../../src/training/mmel/config.js";
import { type TrainingProgress, train } from "../../src/training/mmel/index.js";
import { settingsOf } from "../../src/training/mmel/state.js";
import { budgetOf } from "./budgets.js";
import { demoCases } from "./cases.js";
import { captionsIn } from "./data-sets.js";
import { groupBy } from "./group-by.js";
import type { Work } from "./jobs.js";
import { type Prepared, prepare } from "./prepare.js";
import { type Job, nameOfJob, type Ranks, type SetResult } from "./results.js";
import { isMmel, type Row, TABLE2, TABLE3 } from "./rows.js";

export interface WorkOptions {
  /** Folder of prepared data and trained networks. */
  readonly runs: string;
  /** Folder of the pretrained text encoder. */
  readonly encoder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/** Returns the folder of a job's training. */
export const trainingFolder = (runs: string, job: Job): string => join(runs, "networks", nameOfJob(job));
/** Returns the folder of a job's network. */
export const networkFolder = (runs: string, job: Job): string => join(trainingFolder(runs, job), "model");

/** Creates the work that trains and reports networks with the project's own `train` and `evaluate`. */
export function createWork({ runs, encoder, signal, onProgress }: WorkOptions): Work {
  const abort = signal === undefined ? {} : { signal };
  const trainingConfig = (job: Job, prepared: Prepared): TrainingConfig =>
    parseTrainingConfig(JSON.stringify(configFor(job, prepared, encoder, runs)), nameOfJob(job));
  return {
    prepare: (data, budget) => prepare(data, budget, join(runs, `${data}-${budget}`)),
    settings: (job, prepared) => JSON.parse(JSON.stringify(settingsOf(trainingConfig(job, prepared)))),
    async train(job, prepared) {
      const config = trainingConfig(job, prepared);
      const output = trainingFolder(runs, job);
      const start = () =>
        train(config, { output, resume: true, ...abort, ...(onProgress && { onProgress }) });
      const { steps, seconds } = await start().catch(async (error: unknown) => {
        if (!(error instanceof MmelError) || error.code !== "RESUME") throw error;
        await rm(output, { recursive: true, force: true }); // a training with other settings
        return start();
      });
      return { commit: currentCommit(), steps, trainingHours: seconds / 3600 };
    },
    async evaluate(job, { kb, images }, file) {
      const { candidates } = budgetOf(job.budget);
      const { result, records } = await evaluate(await captionsIn(file), {
        ...{ kb, model: networkFolder(runs, job), protocol: "paper", candidates, ...abort },
        ...(images !== undefined && { images, features: join(runs, "vectors") }),
      });
      return setResultOf(records, candidates, result.seconds);
    },
    cases: (job) => demoCases(networkFolder(runs, job), budgetOf(job.budget).candidates),
    hasNetwork: (job) => existsSync(networkFolder(runs, job)),
    trained: (job) => rm(join(trainingFolder(runs, job), "state"), { recursive: true, force: true }),
  };
}

/** Converts the records of an evaluation. Mentions without a gold entity are left out. */
export function setResultOf(
  records: readonly MentionRecord[],
  candidates: number,
  seconds: number,
): SetResult {
  const entities = records.filter((record) => goldId(record) !== undefined);
  const byCaption = groupBy(entities, ({ caption }) => caption);
  const groups = [...byCaption.values()];
  const ranks = (rankOf: (record: MentionRecord) => number | undefined): Ranks =>
    groups.map((group) => group.map((record) => rankOf(record) ?? null));
  const found = entities.filter(({ retrievedAt }) => retrievedAt !== undefined).length;
  return {
    candidates,
    recall: entities.length === 0 ? null : found / entities.length,
    seconds,
    together: ranks(({ rank }) => rank),
    alone: ranks(aloneRank),
    kinds: [...byCaption.keys()].map(({ id }) => id.split("-")[0]!),
  };
}

/** Returns the rank without the other mentions. With one mention it is the rank itself, with the expected rank of ties. */
function aloneRank({ rank, goldCandidate, caption }: MentionRecord): number | undefined {
  return caption.mentions.length === 1 ? rank : goldCandidate?.independentRank;
}

const ROWS: readonly Row[] = [...TABLE2.T, ...TABLE2["T + V"], ...TABLE3.T, ...TABLE3["T + V"]];

/** Returns the configuration of a job's training, as in a file for `mmel train --config`. */
export function configFor(
  job: Job,
  { kb, train: captions, dev, images, trainCaptions }: Prepared,
  encoder: string,
  runs: string,
): object {
  const { encoderLayers, settings, evaluations, dev: devCaptions } = budgetOf(job.budget);
  const { d, heads, batch, ...rates } = settings;
  const { negatives = 1, imageViews = 1 } = ROWS.find(({ variant }) => variant === job.variant) ?? {};
  const steps = Math.ceil((trainCaptions * rates.epochs) / batch);
  return {
    preset: isMmel(job.variant) ? "paper" : "baseline",
    name: nameOfJob(job),
    ...{ encoder: resolve(encoder), kb: resolve(kb), train: [resolve(captions)], dev: resolve(dev) },
    ...(encoderLayers !== undefined && { encoderLayers }),
    ...(images !== undefined && { images: resolve(images), features: resolve(runs, "vectors") }),
    head: { variant: job.variant, d, heads, ...(images !== undefined && { imageViews }) },
    negatives: { kind: "candidates", count: negatives },
    ...{ ...rates, batch, seed: job.seed },
    evaluation: {
      every: Math.max(1, Math.floor(steps / evaluations)),
      sample: devCaptions,
      candidates: 20,
      patience: evaluations,
      // the similarity of a network without pair training is random, so it has no part in the choice
      ...(job.variant.endsWith("-PT") && { collaborative: false }),
    },
  };
}

function currentCommit(): string {
  const options = { cwd: dirname(import.meta.filename), encoding: "utf8" } as const;
  return execFileSync("git", ["rev-parse", "--short", "HEAD"], options).trim();
}

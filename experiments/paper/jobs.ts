import { throwIfAborted } from "../../src/core/index.js";
import { type BudgetName, budgetOf } from "./budgets.js";
import type { DataName } from "./data-sets.js";
import type { Prepared, SetName } from "./prepare.js";
import { type Case, type Job, type Result, readResult, type SetResult, writeResult } from "./results.js";
import { isKnown, type Row } from "./rows.js";

/** What a job does. The tests have one that only counts. */
export interface Work {
  prepare(data: DataName, budget: BudgetName): Promise<Prepared>;
  /** Returns the settings with which a job's network is trained. A result with other settings is made again. */
  settings(job: Job, prepared: Prepared): Result["settings"];
  /** Trains the network of a job, going on where a killed training stopped, and returns what the result keeps of it. */
  train(job: Job, prepared: Prepared): Promise<Trained>;
  /** Reports a trained network on a file of captions. */
  evaluate(job: Job, prepared: Prepared, file: string): Promise<SetResult>;
  /** Returns the cases of figure 5. */
  cases(job: Job): Promise<readonly Case[]>;
  /** Returns whether the network of a job is still there. */
  hasNetwork(job: Job): boolean;
  /** Called when a job's training is recorded, so that its state can be removed. */
  trained(job: Job): Promise<void>;
}

export type Trained = Pick<Result, "commit" | "trainingHours" | "steps">;

/**
 * Returns the jobs for the rows of a table. Rows that share a network share its job. The first seeds of all rows come
 * first, so that a run that is stopped has every row. Variants that `mmel train` does not know have no job.
 */
export function jobsFor(
  rows: readonly Row[],
  data: DataName,
  budget: BudgetName,
  knows: (variant: string) => boolean = isKnown,
): Job[] {
  const { seeds, only } = budgetOf(budget);
  const chosen = rows.filter(({ variant }) => knows(variant) && (only === undefined || variant === only));
  const all = chosen.flatMap((row) =>
    seeds(row, data === "wikimel").map((seed): Job => ({ data, budget, variant: row.variant, seed })),
  );
  const unique = new Map(all.map((job) => [`${job.variant}/${job.seed}`, job]));
  return [...unique.values()].sort((a, b) => a.seed - b.seed); // stable: rows keep their order
}

/** The job that has the cases of figure 5. */
export const hasCases = ({ variant, seed }: Job): boolean => variant === "MMEL-onlytext" && seed === 1;

export interface RunOptions {
  /** Folder of the result files. */
  readonly results: string;
  readonly signal?: AbortSignal;
  readonly onStart?: (job: Job, part: string) => void;
  /** Called when all of a job is done. */
  readonly onDone?: (job: Job) => Promise<void>;
}

/**
 * Does the jobs whose results are missing, in order. A job writes its result after the training and after each set, so
 * a run that was killed resumes after the last of these. Returns the number of jobs that had something to do.
 */
export async function runJobs(jobs: readonly Job[], work: Work, options: RunOptions): Promise<number> {
  let done = 0;
  for (const job of jobs) {
    throwIfAborted(options.signal);
    if (!(await runJob(job, work, options))) continue;
    done += 1;
    await options.onDone?.(job);
  }
  return done;
}

async function runJob(job: Job, work: Work, { results, signal, onStart }: RunOptions) {
  const prepared = await work.prepare(job.data, job.budget);
  const settings = work.settings(job, prepared);
  const stored = await readResult(results, job);
  const before = JSON.stringify(stored?.settings) === JSON.stringify(settings) ? stored : undefined;
  const missing = (result: Result | undefined): SetName[] =>
    (Object.keys(prepared.sets) as SetName[]).filter((name) => result?.sets[name] === undefined);
  const needsCases = (result: Result | undefined): boolean => hasCases(job) && result?.cases === undefined;
  if (before !== undefined && missing(before).length === 0 && !needsCases(before)) return false;
  const save = async (result: Result): Promise<Result> => {
    await writeResult(results, result);
    return result;
  };
  let result = before;
  if (result === undefined || !work.hasNetwork(job)) {
    onStart?.(job, "training");
    const trained = await work.train(job, prepared);
    result = await save({ ...job, ...trained, settings, trainCaptions: prepared.trainCaptions, sets: {} });
  }
  await work.trained(job);
  for (const name of missing(result)) {
    throwIfAborted(signal);
    onStart?.(job, name);
    const found = await work.evaluate(job, prepared, prepared.sets[name]!);
    result = await save({ ...result, sets: { ...result.sets, [name]: found } });
  }
  if (needsCases(result)) await save({ ...result, cases: [...(await work.cases(job))] });
  return true;
}

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseWire, writeAtomically } from "../../src/formats/index.js";
import { BUDGETS, type BudgetName } from "./budgets.js";
import { DATA_SETS, type DataName } from "./data-sets.js";
import { SETS } from "./prepare.js";

/** A network to train and report: one variant, on one data set, under one budget, with one seed. */
export interface Job {
  readonly data: DataName;
  readonly budget: BudgetName;
  readonly variant: string;
  readonly seed: number;
}

/** Returns the name of a job's files. */
export const nameOfJob = ({ data, budget, variant, seed }: Job): string =>
  [data, budget, variant.replace(/\W+/g, "_"), seed].join("-");

/** Rank of the gold entity of each mention, by caption; null for a miss. */
const ranksSchema = z.array(z.array(z.number().nullable()));
export type Ranks = z.infer<typeof ranksSchema>;

const setSchema = z.object({
  candidates: z.int(),
  /** Share of the mentions whose gold entity is among the candidates before the protocol adds it. */
  recall: z.number().nullable(),
  seconds: z.number(),
  /** Ranks if the mentions of a caption are ranked together. For a network without collaborative ranking, the same as `alone`. */
  together: ranksSchema,
  alone: ranksSchema,
  /** The first part of each caption's id: for companions, the kind of fact. */
  kinds: z.array(z.string()),
});
/** Results of a network on one set of captions. */
export type SetResult = z.infer<typeof setSchema>;

const caseSchema = z.object({
  text: z.string(),
  mention: z.string(),
  /** The candidates that are first before or after, and the gold entity. */
  candidates: z.array(
    z.object({
      label: z.string(),
      isGold: z.boolean(),
      before: z.number(),
      after: z.number(),
      rankBefore: z.number(),
      rankAfter: z.number(),
    }),
  ),
});
/** A mention of a demo caption for figure 5: the scores without the other mentions, and with them. */
export type Case = z.infer<typeof caseSchema>;

const resultSchema = z.object({
  data: z.enum(Object.keys(DATA_SETS) as [DataName, ...DataName[]]),
  budget: z.enum(Object.keys(BUDGETS) as [BudgetName, ...BudgetName[]]),
  variant: z.string(),
  seed: z.int(),
  /** The commit of the code that trained the network. */
  commit: z.string(),
  trainingHours: z.number(),
  steps: z.int(),
  /** The settings of `mmel train`, without the places of files. */
  settings: z.record(z.string(), z.unknown()),
  trainCaptions: z.int(),
  sets: z.partialRecord(z.enum(SETS), setSchema),
  cases: z.array(caseSchema).optional(),
});
/** What is kept of a job. `sets` grows until every set of the data set is there. */
export type Result = z.infer<typeof resultSchema>;

const fileOf = (folder: string, job: Job): string => join(folder, `${nameOfJob(job)}.json`);

/** Reads the result of a job, or returns undefined if there is none. Throws `FORMAT` if the file is damaged. */
export async function readResult(folder: string, job: Job): Promise<Result | undefined> {
  const file = fileOf(folder, job);
  return existsSync(file) ? parse(file) : undefined;
}

/** Reads all results in a folder, sorted by the names of their files. */
export async function readResults(folder: string): Promise<Result[]> {
  const files = existsSync(folder) ? (await readdir(folder)).sort() : [];
  const names = files.filter((name) => /^[a-z]+-[a-z]+-\w+-\d+\.json$/.test(name));
  return Promise.all(names.map((name) => parse(join(folder, name))));
}

async function parse(file: string): Promise<Result> {
  return parseWire(resultSchema, JSON.parse(await readFile(file, "utf8")), "FORMAT");
}

/** Writes a result. Readers see the old file or the new one, never a part. */
export async function writeResult(folder: string, result: Result): Promise<void> {
  await writeAtomically(fileOf(folder, result), [`${JSON.stringify(result)}\n`]);
}

/**
 * Trains what is missing of the paper's tables, reports it, keeps every result in `results/` and renders
 * docs/results.md. Resumes if it was killed; if nothing is missing, it only renders. See README.md in this folder.
 *
 *     npx tsx experiments/paper/run.ts [--table 1|2|3|figure4|figure5|runtime]… [--data NAME]… [--budget small]
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { MmelError } from "../../src/core/index.js";
import { makeFolder } from "../../src/core/make-folder.js";
import { BUDGETS, type BudgetName } from "./budgets.js";
import { DATA_SETS, type DataName, dataSet, isThere } from "./data-sets.js";
import { hasCases, jobsFor, runJobs, type Work } from "./jobs.js";
import { keepStats, renderPages } from "./pages.js";
import { type Job, nameOfJob } from "./results.js";
import { FIGURE4, type Row, TABLE2, TABLE3 } from "./rows.js";
import { measureRuntime } from "./runtime.js";
import { createWork, networkFolder } from "./work.js";

const TABLES = ["1", "2", "3", "figure4", "figure5", "runtime"] as const;
type Table = (typeof TABLES)[number];

const ROOT = join(import.meta.dirname, "../..");
const { values } = parseArgs({
  options: {
    table: { type: "string", multiple: true, default: [...TABLES] },
    data: { type: "string", multiple: true },
    budget: { type: "string", default: "small" },
    encoder: { type: "string", default: join(ROOT, "../shared/data/models/all-MiniLM-L6-v2") },
    runs: { type: "string", default: join(ROOT, "runs/paper") },
    results: { type: "string", default: join(import.meta.dirname, "results") },
    page: { type: "string", default: join(ROOT, "docs/results.md") },
    images: { type: "string", default: join(ROOT, "docs/images") },
    plan: { type: "boolean", default: false },
    commit: { type: "boolean", default: false },
  },
});

function oneOf<Name extends string>(names: readonly Name[], value: string, option: string): Name {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw new MmelError("USAGE", {
    what: `unknown value "${value}"`,
    where: option,
    expected: names.join(", "),
  });
}

const budget = oneOf(Object.keys(BUDGETS) as BudgetName[], values.budget, "--budget");
const tables = values.table.map((table) => oneOf(TABLES, table, "--table"));
const names = Object.keys(DATA_SETS) as DataName[];
const usual = names.filter((name) => (name === "demo") === (budget === "tiny"));
const chosen = (values.data ?? usual).map((name) => oneOf(names, name, "--data"));
const data = chosen.filter((name) => {
  if (isThere(name)) return true;
  console.error(
    `no data for ${dataSet(name).title}: there is no ${dataSet(name).folder}. ${dataSet(name).hint}`,
  );
  return false;
});

/** Returns the rows of a data set that the tables need. */
function rowsFor(name: DataName): readonly Row[] {
  const { modality } = dataSet(name);
  const of: Readonly<Record<Table, readonly Row[]>> = {
    1: [],
    2: TABLE2[modality],
    3: TABLE3[modality],
    figure4: FIGURE4[modality],
    figure5: modality === "T" ? FIGURE4.T.filter(({ name: row }) => row === "MMEL-onlytext") : [],
    runtime: modality === "T" ? FIGURE4.T.filter(({ variant }) => RUNTIME.includes(variant)) : [],
  };
  return tables.flatMap((table) => of[table]);
}

/** The networks whose runtime is measured. */
const RUNTIME = ["MMEL-onlytext", "GHMFC-onlytext"];

const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
const runs = resolve(values.runs);
const places = {
  results: resolve(values.results),
  page: resolve(values.page),
  images: resolve(values.images),
  remarks: join(import.meta.dirname, "remarks.json"),
};
const jobs = data.flatMap((name) => jobsFor(rowsFor(name), name, budget));

let shownStep = 0;
const work: Work = createWork({
  ...{ runs, encoder: values.encoder, signal: controller.signal },
  onProgress: ({ step, steps, loss, top1 }) => {
    if (step < shownStep + 50 && step > shownStep && step !== steps) return;
    shownStep = step;
    console.error(
      `  step ${step} of ${steps}, loss ${loss.toFixed(3)}${top1 === undefined ? "" : `, dev Top-1 ${(100 * top1).toFixed(1)}`}`,
    );
  },
});

/** Measures the runtime on the first text data set, if its networks were trained. */
async function runtime(): Promise<void> {
  const name = data.find((one) => dataSet(one).modality === "T");
  if (name === undefined) return;
  const networkOf = (variant: string): string | undefined => {
    const folder = networkFolder(runs, { data: name, budget, variant, seed: 1 });
    return existsSync(folder) ? folder : undefined;
  };
  const [mmel, ghmfc] = RUNTIME.map(networkOf);
  if (mmel === undefined) return;
  const prepared = await work.prepare(name, budget);
  const models = { mmel, ...(ghmfc !== undefined && { ghmfc }) };
  await measureRuntime(models, prepared, { folder: places.results, budget, signal: controller.signal });
}

/** Commits the result of a job, if `--commit` is given. */
function keep(job: Job): void {
  if (!values.commit) return;
  const file = join(places.results, `${nameOfJob(job)}.json`);
  execFileSync("git", ["add", "--", file], { cwd: ROOT });
  execFileSync("git", ["commit", "--quiet", "-m", `experiments: result of ${nameOfJob(job)}`, "--", file], {
    cwd: ROOT,
  });
}

/** Does the jobs, measures the runtime and renders the pages. */
async function main(): Promise<void> {
  const began = performance.now();
  const shown = budget === "long" ? "small" : budget; // the longer training is a row of the small tables
  for (const folder of [places.results, places.images]) await makeFolder(folder);
  for (const name of data) await keepStats(places.results, name, await work.prepare(name, budget));
  const done = await runJobs(jobs, work, {
    ...{ results: places.results, signal: controller.signal },
    onStart: (job, part) => {
      shownStep = 0;
      console.error(`${((performance.now() - began) / 3.6e6).toFixed(2)} h: ${nameOfJob(job)}, ${part}`);
    },
    onDone: async (job) => {
      keep(job);
      await renderPages(places, shown);
    },
  });
  if (tables.includes("runtime") && budget !== "long") await runtime();
  await renderPages(places, shown);
  console.error(`${done} of ${jobs.length} networks had something to do; ${places.page} is up to date`);
}

if (values.plan)
  for (const job of jobs) console.log(nameOfJob(job) + (hasCases(job) ? " (and figure 5)" : ""));
else
  await main().catch((error: unknown) => {
    if (!(error instanceof MmelError)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = error.code === "ABORTED" ? 130 : 1;
  });

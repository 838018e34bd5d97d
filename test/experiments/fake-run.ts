/**
 * Does the jobs of a table with a trainer that only counts: `fake-run.ts FOLDER`. The tests kill it at random moments.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { jobsFor, runJobs, type Work } from "../../experiments/paper/jobs.js";
import { renderPages } from "../../experiments/paper/pages.js";
import type { Prepared } from "../../experiments/paper/prepare.js";
import { nameOfJob, type SetResult } from "../../experiments/paper/results.js";
import { TABLE2 } from "../../experiments/paper/rows.js";
import { createRandom } from "../../src/core/index.js";
import { writeAtomically } from "../../src/formats/index.js";

const folder = process.argv[2]!;
const places = {
  ...{ results: join(folder, "results"), images: join(folder, "images") },
  ...{ page: join(folder, "page.md"), remarks: join(folder, "remarks.json") },
};
for (const path of [places.results, places.images, join(folder, "networks")])
  mkdirSync(path, { recursive: true });

const STEPS = 12;
const sets = { test: "test", short: "short", companion: "companion", swapped: "swapped" };
const prepared = {
  kb: "kb",
  train: "train",
  dev: "dev",
  sets,
  sizes: {},
  trainCaptions: 7,
} as unknown as Prepared;

/** Each network is a number that depends on every step of its training and on the seed. */
const fake: Work = {
  prepare: async () => prepared,
  settings: ({ seed }) => ({ seed, steps: STEPS }),
  async train(job) {
    const file = join(folder, "networks", `${nameOfJob(job)}.state`);
    let { step, value } = existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as { step: number; value: number })
      : { step: 0, value: createRandom(nameOfJob(job)).below(1e9) };
    for (; step < STEPS; step++) {
      value = createRandom(`${value}/${step}`).below(1e9);
      if (step % 3 === 2) await writeAtomically(file, [JSON.stringify({ step: step + 1, value })]);
      await sleep(3);
    }
    await writeAtomically(join(folder, "networks", nameOfJob(job)), [String(value)]);
    return { commit: "0000000", trainingHours: 0, steps: STEPS };
  },
  async evaluate(job, _, file) {
    await sleep(5);
    const random = createRandom(`${readFileSync(join(folder, "networks", nameOfJob(job)), "utf8")}/${file}`);
    const ranks = Array.from({ length: 20 }, () => [1 + random.below(30), 1 + random.below(30)]);
    const kinds = ranks.map((_, caption) => (caption % 2 === 0 ? "named" : "shared"));
    return {
      candidates: 30,
      recall: 1,
      seconds: 1,
      together: ranks,
      alone: ranks,
      kinds,
    } satisfies SetResult;
  },
  cases: async () => [
    {
      text: "Ada and Bob",
      mention: "Ada",
      candidates: [{ label: "Ada", isGold: true, before: 0.4, after: 1.2, rankBefore: 2, rankAfter: 1 }],
    },
  ],
  hasNetwork: (job) => existsSync(join(folder, "networks", nameOfJob(job))),
  trained: async () => {},
};

process.stdout.write("ready\n");
const jobs = jobsFor(TABLE2.T, "wikimel", "small", () => true);
const done = await runJobs(jobs, fake, {
  results: places.results,
  onDone: () => renderPages(places, "small"),
});
await renderPages(places, "small");
process.stdout.write(`${done} done\n`);

import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Caption, createRandom } from "../../src/core/index.js";
import { makeFolder } from "../../src/core/make-folder.js";
import { type CaptionStats, createCaptionCounter } from "../../src/datasets/index.js";
import { sampleCaptions } from "../../src/evaluation/index.js";
import { captionLines, writeAtomically } from "../../src/formats/index.js";
import { importKb } from "../../src/linker/index.js";
import { type BudgetName, budgetOf } from "./budgets.js";
import { companionSet } from "./companion.js";
import { type DataName, dataSet, type Splits } from "./data-sets.js";
import { shortNames } from "./short-names.js";

/** The sets on which each network is reported: captions as they are, names cut short, and companions. */
export const SETS = ["test", "short", "companion", "swapped"] as const;
export type SetName = (typeof SETS)[number];

/** The files of a data set under a budget. All rows are trained and reported on them. */
export interface Prepared {
  readonly kb: string;
  readonly train: string;
  readonly dev: string;
  readonly sets: Readonly<Partial<Record<SetName, string>>>;
  readonly images?: string;
  /** Counts of the whole data set, for table 1. */
  readonly stats: Readonly<Record<"all" | "train" | "dev" | "test", CaptionStats>>;
  /** The sizes that the budget asked for. */
  readonly sizes: Readonly<Record<string, number | undefined>>;
  /** Number of training captions under the budget. */
  readonly trainCaptions: number;
}

/** Seed of everything that is drawn here. It is the same for all rows and was never changed. */
const SEED = 1;

/**
 * Writes the files of a data set into `folder`, unless they are there: the base, the captions under the budget, those with
 * short names, and those in which only the companion decides. Nothing here depends on a model.
 */
export async function prepare(data: DataName, budget: BudgetName, folder: string): Promise<Prepared> {
  const done = join(folder, "prepared.json");
  const { train, dev, test, short, companion } = budgetOf(budget);
  const sizes = { train, dev, test, short, companion };
  if (existsSync(done)) {
    const prepared = JSON.parse(await readFile(done, "utf8")) as Prepared;
    if (JSON.stringify(prepared.sizes) === JSON.stringify(sizes)) return prepared;
  }
  await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  const set = dataSet(data);
  const splits = await set.read();
  const drawn = (captions: readonly Caption[], count: number | undefined, name: string) =>
    count === undefined ? captions : sampleCaptions(captions, count, createRandom(`${SEED}/${name}`));
  const made = set.hasCompanions
    ? companionSet(splits.entities, { seed: SEED, count: companion })
    : undefined;
  const learnt = await drawn(splits.train, train, "train");
  const captions = {
    train: learnt,
    dev: await drawn(splits.dev, dev, "dev"),
    test: await drawn(splits.test, test, "test"),
    ...(set.hasCompanions && { short: await drawn(shortNames(splits.test), short, "short") }),
    ...(made && { companion: made.own, swapped: made.swapped }),
  };
  for (const [name, list] of Object.entries(captions))
    await writeAtomically(fileOf(folder, name), captionLines(list));
  await importKb(join(folder, "kb"), splits.entities);
  const prepared: Prepared = {
    sizes,
    kb: join(folder, "kb"),
    train: fileOf(folder, "train"),
    dev: fileOf(folder, "dev"),
    sets: Object.fromEntries(
      SETS.filter((name) => (captions[name]?.length ?? 0) > 0).map((name) => [name, fileOf(folder, name)]),
    ),
    ...(set.images !== undefined && { images: set.images }),
    stats: statsOf(splits),
    trainCaptions: learnt.length,
  };
  await writeAtomically(done, [`${JSON.stringify(prepared, null, 1)}\n`]);
  return prepared;
}

const fileOf = (folder: string, name: string): string => join(folder, `${name}.jsonl`);

function statsOf({ train, dev, test }: Splits): Prepared["stats"] {
  const count = (captions: readonly Caption[]): CaptionStats => {
    const counter = createCaptionCounter();
    for (const caption of captions) counter.add(caption);
    return counter.stats();
  };
  const all = count([...train, ...dev, ...test]);
  return { all, train: count(train), dev: count(dev), test: count(test) };
}

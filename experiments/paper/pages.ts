import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseWire, writeAtomically } from "../../src/formats/index.js";
import type { BudgetName } from "./budgets.js";
import { DATA_SETS, type DataName, dataSet } from "./data-sets.js";
import { figure4, figure5, runtimePlot } from "./plots.js";
import type { Prepared } from "./prepare.js";
import { renderTables, withTables } from "./render.js";
import { type Case, type Result, readResults } from "./results.js";
import { readRuntime } from "./runtime.js";

/** Where the pages are, and where their contents come from. */
export interface PagePlaces {
  /** Folder of results, statistics and times. */
  readonly results: string;
  /** The page with the tables, such as docs/results.md. */
  readonly page: string;
  /** Folder of the figures. The page links to it as `images/`. */
  readonly images: string;
  /** A JSON file with a text of ours for each table, by its name; optional. */
  readonly remarks: string;
}

const statsFile = (results: string, data: DataName): string => join(results, `stats-${data}.json`);

/** Keeps the counts of a data set for table 1, unless they are there. */
export async function keepStats(results: string, data: DataName, { stats }: Prepared): Promise<void> {
  const text = `${JSON.stringify(stats)}\n`;
  const file = statsFile(results, data);
  if (!existsSync(file) || (await readFile(file, "utf8")) !== text) await writeAtomically(file, [text]);
}

/** Renders the page and the figures from what has been measured so far. */
export async function renderPages(
  { results: folder, page, images, remarks }: PagePlaces,
  budget: BudgetName,
): Promise<void> {
  const all = await readResults(folder);
  const results = all.filter((result) => result.budget === budget);
  const isTry = budget === "tiny";
  const names = (Object.keys(DATA_SETS) as DataName[]).filter((name) => (name === "demo") === isTry);
  const runtime = await readRuntime(folder, budget);
  const figures = {
    "paper-figure4.svg": await figure4(results, names),
    "paper-figure5.svg": await figure5(casesIn(results, names)),
    "paper-runtime.svg": await runtimePlot(runtime),
  };
  const drawn: string[] = [];
  for (const [name, svg] of Object.entries(figures)) {
    if (svg === undefined) continue;
    await writeAtomically(join(images, name), [svg]);
    drawn.push(name);
  }
  const stats: Partial<Record<DataName, Prepared["stats"]>> = {};
  for (const name of names)
    if (existsSync(statsFile(folder, name)))
      stats[name] = JSON.parse(await readFile(statsFile(folder, name), "utf8")) as Prepared["stats"];
  const tables = renderTables({
    ...{ budget, results, runtime, stats, figures: drawn },
    longer: all.filter((result) => result.budget === "long"),
    remarks: existsSync(remarks)
      ? parseWire(z.record(z.string(), z.string()), JSON.parse(await readFile(remarks, "utf8")), "FORMAT")
      : {},
    data: {
      T: names.filter((name) => dataSet(name).modality === "T"),
      "T + V": names.filter((name) => dataSet(name).modality === "T + V"),
    },
  });
  const text = await readFile(page, "utf8");
  const changed = withTables(text, tables);
  if (changed !== text) await writeAtomically(page, [changed]);
}

/** Returns the cases of the first data set that has some. */
const casesIn = (results: readonly Result[], names: readonly DataName[]): readonly Case[] =>
  names.flatMap((name) => results.filter(({ data }) => data === name)).find(({ cases }) => cases)?.cases ??
  [];

import { basename } from "node:path";
import type { Command } from "commander";
import type { Caption } from "../../../core/index.js";
import type { CaptionStats } from "../../../datasets/index.js";
import { type CaptionFlags, openCaptions, withCaptionOptions } from "../../captions.js";
import { type Context, print } from "../../context.js";
import { jsonOption } from "../../options.js";
import { table } from "../../table.js";

interface StatsOptions extends CaptionFlags {
  readonly json?: boolean;
}

export function installStats(dataset: Command, context: Context): void {
  withCaptionOptions(dataset.command("stats"))
    .description("Count the captions, mentions, gold entities and pictures of captions files")
    .argument(
      "[files...]",
      'captions files, such as the splits of a data set: one column each, and one for all; "-" or omitted: standard input',
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
  mmel dataset stats dev.jsonl
  mmel dataset stats train.jsonl dev.jsonl test.jsonl`,
    )
    .action((files: readonly string[], options: StatsOptions) => stats(context, files, options));
}

async function stats(context: Context, files: readonly string[], options: StatsOptions): Promise<void> {
  const { createCaptionCounter } = await import("../../../datasets/index.js");
  const [first, ...others] = files;
  await using input = await openCaptions(context, first, options, { inputs: others });
  const all = createCaptionCounter();
  const count = async (captions: AsyncIterable<Caption>): Promise<CaptionStats> => {
    const counter = createCaptionCounter();
    for await (const caption of captions) {
      counter.add(caption);
      if (others.length > 0) all.add(caption);
    }
    return counter.stats();
  };
  const columns = [await count(input.captions)];
  for (const file of others) columns.push(await count(input.readOther(file)));
  if (others.length === 0)
    return await print(
      context,
      options.json ? `${JSON.stringify(columns[0])}\n` : statsTable(["number"], columns),
    );
  const total = all.stats();
  const report = {
    files: columns.map((found, index) => ({ file: files[index]!, ...found })),
    all: total,
  };
  const headers = [...files.map((file) => basename(file).replace(/\.jsonl(?:\.gz)?$/, "")), "all"];
  await print(
    context,
    options.json ? `${JSON.stringify(report)}\n` : statsTable(headers, [...columns, total]),
  );
}

const count = (number: number): string => number.toLocaleString("en");
const mean = (number: number | null): string => number?.toFixed(2) ?? "–";

/** The rows of the table: a heading, and the cell of a column. */
const ROWS: readonly (readonly [heading: string, cell: (stats: CaptionStats) => string])[] = [
  ["captions", ({ captions }) => count(captions)],
  ["  with one mention", ({ singleMention }) => count(singleMention)],
  ["  with several mentions", ({ multiMention }) => count(multiMention)],
  ["  without mentions", ({ withoutMentions }) => count(withoutMentions)],
  ["  with an image", ({ withImage }) => count(withImage)],
  ["distinct images", ({ distinctImages }) => count(distinctImages)],
  ["words per caption", ({ wordsPerCaption }) => mean(wordsPerCaption)],
  ["mentions", ({ mentions }) => count(mentions)],
  ["  with a gold entity", ({ goldEntities }) => count(goldEntities)],
  ["  with gold NIL", ({ goldNil }) => count(goldNil)],
  ["  without annotation", ({ unannotated }) => count(unannotated)],
  ["mentions per caption", ({ mentionsPerCaption }) => mean(mentionsPerCaption)],
  ["distinct gold entities", ({ distinctGoldEntities }) => count(distinctGoldEntities)],
];

function statsTable(headers: readonly string[], columns: readonly CaptionStats[]): string {
  return table(
    ["", ...headers],
    ROWS.map(([heading, cell]) => [heading, ...columns.map(cell)]),
  );
}

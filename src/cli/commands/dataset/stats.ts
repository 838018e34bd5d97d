import type { Command } from "commander";
import { type CaptionFlags, openCaptions, withCaptionOptions } from "../../captions.js";
import { type Context, print } from "../../context.js";
import { jsonOption } from "../../options.js";
import { table } from "../../table.js";

interface StatsOptions extends CaptionFlags {
  readonly json?: boolean;
}

export function installStats(dataset: Command, context: Context): void {
  withCaptionOptions(dataset.command("stats"))
    .description("Count the captions, mentions, gold entities and pictures of a captions file")
    .argument("[file]", 'captions file; "-" or omitted: standard input')
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel dataset stats dev.jsonl")
    .action((file: string | undefined, options: StatsOptions) => stats(context, file, options));
}

async function stats(context: Context, file: string | undefined, options: StatsOptions): Promise<void> {
  const { captionStats } = await import("../../../datasets/index.js");
  await using input = await openCaptions(context, file, options);
  const found = await captionStats(input.captions);
  const count = (number: number): string => number.toLocaleString("en");
  const mean = (number: number | null): string => number?.toFixed(2) ?? "–";
  const rows: readonly (readonly [string, string])[] = [
    ["captions", count(found.captions)],
    ["  with one mention", count(found.singleMention)],
    ["  with several mentions", count(found.multiMention)],
    ["  without mentions", count(found.withoutMentions)],
    ["  with an image", count(found.withImage)],
    ["distinct images", count(found.distinctImages)],
    ["words per caption", mean(found.wordsPerCaption)],
    ["mentions", count(found.mentions)],
    ["  with a gold entity", count(found.goldEntities)],
    ["  with gold NIL", count(found.goldNil)],
    ["  without annotation", count(found.unannotated)],
    ["mentions per caption", mean(found.mentionsPerCaption)],
    ["distinct gold entities", count(found.distinctGoldEntities)],
  ];
  await print(context, options.json ? `${JSON.stringify(found)}\n` : table(["", "number"], rows));
}

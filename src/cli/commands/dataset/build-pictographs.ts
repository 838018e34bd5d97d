import type { Command } from "commander";
import { type Context, print } from "../../context.js";
import { integer, jsonOption } from "../../options.js";
import { createStages } from "../../stages.js";

interface PictographsOptions {
  readonly output: string;
  readonly packages: string;
  readonly seed: number;
  readonly json?: boolean;
}

export function installPictographs(build: Command, context: Context): void {
  build
    .command("pictographs")
    .description(
      "make a synthetic benchmark with pictures: emoji, flags and logos from installed icon packages",
    )
    .requiredOption(
      "--output <dir>",
      "the new folder: kb.jsonl, captions of three splits, images/, README.md",
    )
    .option("--seed <n>", "the same seed and packages give the same bytes", integer(0), 1)
    .option("--packages <dir>", "the folder whose node_modules hold the packages", ".")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The packages are no part of mmel; when some are missing the error says how to install them.

Examples:
  mmel dataset build pictographs --packages ./icons --output ./pictographs
  mmel kb import pictographs/kb.jsonl --kb ./pictographs-kb
  mmel evaluate pictographs/dev.jsonl --kb ./pictographs-kb --images pictographs/images`,
    )
    .action((options: PictographsOptions) => buildPictographs(context, options));
}

async function buildPictographs(
  context: Context,
  { output, packages, seed, json }: PictographsOptions,
): Promise<void> {
  const datasets = await import("../../../datasets/index.js");
  using stages = createStages(context);
  const { signal } = context;
  const onProgress = stages.update;
  const result = await datasets.buildPictographs({ output, packages, seed, signal, onProgress });
  stages[Symbol.dispose]();
  if (json) return print(context, `${JSON.stringify(result)}\n`);
  const entities = Object.values(result.entities).reduce((sum, count) => sum + count, 0);
  const { samples, mentions } = result.captions.all;
  await print(
    context,
    `${result.generator}, seed ${seed}: ${entities} entities, ${samples} captions with ${mentions} mentions in ${output}\n`,
  );
}

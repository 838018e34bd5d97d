import { Argument, type Command, Option } from "commander";
import { captionLines, writeAtomically, writeLines } from "../../formats/index.js";
import { type Context, note, print } from "../context.js";
import { integer, jsonOption } from "../options.js";
import { createProgress, type Progress } from "../progress.js";

interface ConvertOptions {
  readonly format: "wikimel" | "richpedia";
  readonly split: string;
  readonly output?: string;
}

interface BuildOptions {
  readonly output: string;
  readonly packages: string;
  readonly seed: number;
  readonly json?: boolean;
}

export function installDataset(program: Command, context: Context): void {
  const dataset = program
    .command("dataset")
    .description("read the public data sets, and make one with pictures");
  dataset
    .command("convert")
    .description(
      "write the captions of a published data set in our form, without what would give the answers away",
    )
    .argument("<dir>", "the data set's folder")
    .addOption(
      new Option("--format <form>", "which data set").choices(["wikimel", "richpedia"]).makeOptionMandatory(),
    )
    .requiredOption("--split <name>", "which part: train, dev …")
    .option("--output <file>", "write there instead of to standard output")
    .addHelpText(
      "after",
      "\nExample:\n  mmel dataset convert Wikidata-MEL --format wikimel --split dev --output dev.jsonl",
    )
    .action((dir: string, options: ConvertOptions) => convert(context, dir, options));

  dataset
    .command("build")
    .description(
      "make a synthetic benchmark with pictures: emoji, flags and logos from installed icon packages",
    )
    .addArgument(new Argument("<name>", "which benchmark").choices(["pictographs"]))
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
    .action((_: "pictographs", options: BuildOptions) => build(context, options));
}

async function convert(
  context: Context,
  dir: string,
  { format, split, output }: ConvertOptions,
): Promise<void> {
  const { DATASETS } = await import("../../datasets/index.js");
  const lines = captionLines(DATASETS[format].captions(dir, split));
  if (output === undefined) await writeLines(context.stdout, lines);
  else {
    await writeAtomically(output, lines);
    note(context, `${format} ${split} written to ${output}`);
  }
}

async function build(context: Context, { output, packages, seed, json }: BuildOptions): Promise<void> {
  const { buildPictographs } = await import("../../datasets/index.js");
  let shown: { readonly stage: string; readonly progress: Progress } | undefined;
  const result = await buildPictographs({
    output,
    packages,
    seed,
    signal: context.signal,
    onProgress: ({ stage, done, total }) => {
      if (shown?.stage !== stage) {
        shown?.progress[Symbol.dispose]();
        shown = { stage, progress: createProgress(context, stage, total) };
      }
      shown.progress.update(done);
    },
  }).finally(() => shown?.progress[Symbol.dispose]());
  if (json) return print(context, `${JSON.stringify(result)}\n`);
  const entities = Object.values(result.entities).reduce((sum, count) => sum + count, 0);
  const { samples, mentions } = result.captions.all;
  await print(
    context,
    `${result.generator}, seed ${seed}: ${entities} entities, ${samples} captions with ${mentions} mentions in ${output}\n`,
  );
}

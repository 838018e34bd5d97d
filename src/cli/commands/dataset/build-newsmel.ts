import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { counted } from "../../../core/index.js";
import type { FindPicture, NewsmelResult } from "../../../datasets/index.js";
import { type Context, note, print } from "../../context.js";
import { openInput, valuesOf } from "../../input.js";
import { integer, jsonOption, kbOption, onErrorOption, rejectsOption } from "../../options.js";
import { createStages } from "../../progress.js";

interface NewsmelCommandOptions {
  readonly kb: string;
  readonly output: string;
  readonly seed: number;
  readonly images?: string;
  readonly kbImages?: string;
  readonly splitBy: "auto" | "entity" | "text";
  readonly invalid: "mention" | "caption";
  readonly requirePictures?: boolean;
  readonly onError: "skip" | "fail";
  readonly rejects?: string;
  readonly json?: boolean;
}

export function installNewsmel(build: Command, context: Context): void {
  build
    .command("newsmel")
    .description(
      "Build a data set for linking people, using captions and a knowledge base (section 4.1 of the paper)",
    )
    .argument("<captions>", "folder of captions and pictures, or a file of captions")
    .addOption(kbOption())
    .requiredOption(
      "--output <dir>",
      "new folder for kb.jsonl, train.jsonl, dev.jsonl, test.jsonl, images/, rejects.jsonl, statistics.json and README.md",
    )
    .option("--seed <n>", "random seed; the same seed and input produce identical files", integer(0), 1)
    .option(
      "--images <dir>",
      "folder with the captions' pictures (default: the captions folder, and its subfolder images/)",
    )
    .option("--kb-images <dir>", "folder with the entities' pictures, which are copied to the data set")
    .addOption(
      new Option(
        "--split-by <what>",
        "what no two splits may share (entity: people, texts and pictures; text: texts and pictures; auto: entity if possible)",
      )
        .choices(["auto", "entity", "text"])
        .default("auto"),
    )
    .addOption(
      new Option(
        "--invalid <what>",
        "what to drop if a name does not match exactly one entity: only the mention, or the complete caption as in the paper",
      )
        .choices(["mention", "caption"])
        .default("mention"),
    )
    .option(
      "--require-pictures",
      "drop captions without a picture and names whose entity has no picture, as in the paper",
    )
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The folder contains caption files (JSON Lines or CSV, optionally gzipped), or a NAME.txt next to each picture, or both. Names of
people are detected in the texts; existing mentions are ignored. English only.

Examples:
  mmel dataset build newsmel ./photos --kb ./people --output ./newsmel
  mmel kb import newsmel/kb.jsonl --kb ./newsmel-kb
  mmel evaluate newsmel/dev.jsonl --kb ./newsmel-kb --images newsmel/images`,
    )
    .action((captions: string, options: NewsmelCommandOptions) => buildNewsmel(context, captions, options));
}

async function buildNewsmel(
  context: Context,
  captions: string,
  options: NewsmelCommandOptions,
): Promise<void> {
  const datasets = await import("../../../datasets/index.js");
  const { openStore } = await import("../../../kb/index.js");
  const { detectPeople } = await import("../../../mentions/index.js");
  await using store = await openStore(options.kb, { signal: context.signal });
  await using input = openInput(context, options);
  using stages = createStages(context);
  const { signal } = context;
  const onWarning = (warning: string): void => note(context, warning);
  const reads = datasets.readCaptionFolder(captions, { signal, onWarning });
  const folders = options.images === undefined ? [captions, join(captions, "images")] : [options.images];
  const result = await datasets.buildNewsmel(valuesOf(input.accept(reads, captions)), {
    output: options.output,
    store,
    detect: detectPeople,
    findPicture: await finder(folders),
    findEntityPicture: options.kbImages === undefined ? undefined : await finder([options.kbImages]),
    seed: options.seed,
    splitBy: options.splitBy,
    invalid: options.invalid,
    requirePictures: options.requirePictures ?? false,
    signal,
    onProgress: stages.update,
  });
  stages[Symbol.dispose]();
  await print(context, options.json ? `${JSON.stringify(result)}\n` : summary(result, options.output));
}

/**
 * Returns a function that searches for a picture in one folder after another. The function never returns a path outside
 * the folders.
 */
async function finder(folders: readonly string[]): Promise<FindPicture> {
  const { fileInFolders } = await import("../../../pictures/safe-path.js");
  const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  return (path) => fileInFolders(roots, path);
}

function summary({ generator, seed, figures, called, leftOut, read }: NewsmelResult, output: string): string {
  const { samples, mentions, splits } = figures;
  const counts = (["train", "dev", "test"] as const).map(
    (split) => `${splits[split].single + splits[split].multi} ${split}`,
  );
  const reasons = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${generator}, seed ${seed}: wrote ${samples} of ${counted(read, "caption")} with ${counted(mentions, "mention")} to ${output} (${counts.join(", ")})`,
    `Names used: ${counted(called.full, "full name")}, ${counted(called.alias, "alias", "aliases")}, ${counted(called.family, "family name")}`,
    ...(reasons.length > 0 ? [`Dropped: ${reasons.join(", ")}; see ${join(output, "rejects.jsonl")}`] : []),
    "",
  ].join("\n");
}

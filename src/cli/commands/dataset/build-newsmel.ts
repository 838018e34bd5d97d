import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { FindPicture, NewsmelResult } from "../../../datasets/index.js";
import { type Context, note, print } from "../../context.js";
import { openInput, valuesOf } from "../../input.js";
import { integer, jsonOption, kbOption, onErrorOption, rejectsOption } from "../../options.js";
import { createStages } from "../../stages.js";

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
      "make a data set for linking people, of captions and a knowledge base (section 4.1 of the paper)",
    )
    .argument("<captions>", "a folder of captions and pictures, or a caption file")
    .addOption(kbOption())
    .requiredOption(
      "--output <dir>",
      "the new folder: kb.jsonl, captions of three splits, images/, rejects.jsonl, README.md",
    )
    .option("--seed <n>", "the same seed, captions and knowledge base give the same bytes", integer(0), 1)
    .option("--images <dir>", "where the captions' pictures lie (default: the folder itself, or its images/)")
    .option("--kb-images <dir>", "where the entities' pictures lie; they are put beside the captions'")
    .addOption(
      new Option(
        "--split-by <what>",
        "what no two splits share: a person, text or picture; or (text) a text or picture; auto: the first if it can be",
      )
        .choices(["auto", "entity", "text"])
        .default("auto"),
    )
    .addOption(
      new Option(
        "--invalid <what>",
        "what a person without entity takes out: the name, or its caption as in the paper",
      )
        .choices(["mention", "caption"])
        .default("mention"),
    )
    .option("--require-pictures", "leave out captions and entities without picture, as in the paper")
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The folder holds caption files (JSON Lines or CSV, also .gz), or a NAME.txt beside each picture, or both. People's
names are found anew: mentions that captions list are not used. English only.

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
  await using input = await openInput(context, options);
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

/** Finds a picture below the first of the folders that has it; nothing outside of them. */
async function finder(folders: readonly string[]): Promise<FindPicture> {
  const { fileBelow } = await import("../../../pictures/safe-path.js");
  const roots = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  return (path) => Promise.any(roots.map((root) => fileBelow(root, path)));
}

function summary({ generator, seed, figures, called, leftOut, read }: NewsmelResult, output: string): string {
  const { samples, mentions, splits } = figures;
  const counts = (["train", "dev", "test"] as const).map(
    (split) => splits[split].single + splits[split].multi,
  );
  const reasons = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${generator}, seed ${seed}: ${samples} of ${read} captions with ${mentions} mentions in ${output} (${counts.join(" / ")})`,
    `called by the full name ${called.full}, by an alias ${called.alias}, by the family name ${called.family}`,
    ...(reasons.length > 0 ? [`left out: ${reasons.join(", ")}; see ${join(output, "rejects.jsonl")}`] : []),
    "",
  ].join("\n");
}

import { Command } from "commander";
import { type Context, print } from "../../src/cli/context.js";
import { integer, jsonOption } from "../../src/cli/options.js";
import { throwErrors } from "../../src/cli/program.js";
import { createStages } from "../../src/cli/progress.js";
import { runMain } from "../../src/cli/run-main.js";
import { generatePictographs } from "./generate.js";

interface BuildOptions {
  readonly output: string;
  readonly packages: string;
  readonly seed: number;
  readonly json?: boolean;
}

/** Creates the command that generates the pictograph benchmark: `npx tsx bench/pictographs/build.ts --output DIR`. */
export function createBuildCommand(context: Context): Command {
  const command = new Command("bench/pictographs/build.ts")
    .description(
      "Generate a synthetic benchmark with pictures: emoji, flags and logos from installed icon packages.",
    )
    .requiredOption(
      "--output <dir>",
      "new folder for kb.jsonl, train.jsonl, dev.jsonl, test.jsonl, images/ and README.md",
    )
    .option("--seed <n>", "random seed; the same seed and packages give the same bytes", integer(0), 1)
    .option("--packages <dir>", "folder whose node_modules contains the icon packages", ".")
    .addOption(jsonOption())
    .option("--debug", "print the stack trace if an error occurs")
    .addHelpText(
      "after",
      `
The icon packages are not dependencies of mmel. If some are missing, the error message contains the command that installs them.

Examples:
  npx tsx bench/pictographs/build.ts --packages ./icons --output ./pictographs
  mmel kb import pictographs/kb.jsonl --kb ./pictographs-kb
  mmel evaluate pictographs/dev.jsonl --kb ./pictographs-kb --images pictographs/images`,
    )
    .action((options: BuildOptions) => build(context, options));
  return throwErrors(command, context);
}

async function build(context: Context, { output, packages, seed, json }: BuildOptions): Promise<void> {
  using stages = createStages(context);
  const { signal } = context;
  const onProgress = stages.update;
  const result = await generatePictographs({ output, packages, seed, signal, onProgress });
  stages[Symbol.dispose]();
  if (json) return await print(context, `${JSON.stringify(result)}\n`);
  const entities = Object.values(result.entities).reduce((sum, count) => sum + count, 0);
  const { samples, mentions } = result.captions.all;
  await print(
    context,
    `${result.generator}, seed ${seed}: ${entities} entities, ${samples} captions with ${mentions} mentions in ${output}\n`,
  );
}

if (import.meta.filename === process.argv[1]) await runMain(createBuildCommand);

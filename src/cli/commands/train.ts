import { join } from "node:path";
import type { Command } from "commander";
import { MmelError } from "../../core/index.js";
import { type Context, note, print } from "../context.js";
import { jsonOption } from "../options.js";
import { createProgress, type Progress } from "../progress.js";

interface TrainCommandOptions {
  readonly config?: string;
  readonly output?: string;
  readonly resume?: string;
  readonly init?: string;
  readonly schema?: boolean;
  readonly json?: boolean;
}

export function installTrain(program: Command, context: Context): void {
  program
    .command("train")
    .description("train a model as a configuration file says")
    .option("--config <file>", "the configuration, JSON")
    .option("--output <dir>", "folder of the run (default: `output` of the configuration, or runs/NAME)")
    .option("--resume <dir>", "go on with the run in this folder, with its own configuration")
    .option("--init <name|dir>", "begin with this model's weights, such as a shipped model's")
    .option("--schema", "print the JSON Schema of the configuration")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
A configuration names a preset (paper, paper-onlytext, mini) and what it overrides; paths are relative to it:
  { "preset": "mini", "name": "my-model", "encoder": "all-MiniLM-L6-v2",
    "kb": "my-kb", "train": ["train.jsonl"], "dev": "dev.jsonl" }

The run's folder holds model/ (the best checkpoint: --model DIR), state/ (for --resume), metrics.jsonl,
TensorBoard events and report.html.

Examples:
  mmel train --config my-model.json
  mmel train --resume runs/my-model`,
    )
    .action((options: TrainCommandOptions) => trainModel(context, options));
}

async function trainModel(context: Context, options: TrainCommandOptions): Promise<void> {
  const { readTrainingConfig, train, trainingJsonSchema } = await import("../../training/mmel/index.js");
  if (options.schema) return print(context, `${JSON.stringify(trainingJsonSchema(), null, 2)}\n`);
  const file = options.resume === undefined ? options.config : join(options.resume, "config.json");
  if (file === undefined)
    throw new MmelError("USAGE", { what: "no configuration given", hint: "--config FILE.json" });
  const config = await readTrainingConfig(file);
  const output = options.resume ?? options.output ?? config.output ?? join("runs", config.name);
  let progress: Progress | undefined;
  const result = await train(config, {
    output,
    resume: options.resume !== undefined,
    ...(options.init !== undefined && { init: options.init }),
    signal: context.signal,
    onProgress: ({ step, steps, loss, top1 }) => {
      progress ??= createProgress(context, "steps", steps);
      const dev = top1 === undefined ? "" : `, dev Top-1 ${(100 * top1).toFixed(1)} %`;
      progress.update(step, `loss ${loss.toFixed(3)}${dev}`);
    },
  }).finally(() => progress?.[Symbol.dispose]());
  if (options.json) return print(context, `${JSON.stringify(result)}\n`);
  note(context, `${result.steps} steps in ${(result.seconds / 60).toFixed(1)} minutes`);
  await print(
    context,
    `best model in ${result.model}: dev Top-1 ${(100 * result.best.top1).toFixed(1)} % on the sample, step ${result.best.step}\n`,
  );
}

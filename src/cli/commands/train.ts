import { join, resolve } from "node:path";
import type { Command } from "commander";
import { counted, MmelError, percent } from "../../core/index.js";
import { type Context, note, print } from "../context.js";
import { EXIT } from "../exit.js";
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
    .description("Train a model")
    .option("--config <file>", "training configuration (JSON)")
    .option(
      "--output <dir>",
      "folder of the training run (default: `output` in the configuration, otherwise runs/NAME)",
    )
    .option(
      "--resume <dir>",
      "continue the training run in this folder, by default with the configuration stored there",
    )
    .option("--init <name|dir>", "start from the weights of this model")
    .option("--schema", "print the JSON Schema of the configuration")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
A configuration names a preset (paper, paper-onlytext or mini) and the settings that differ from the preset. Paths are
relative to the configuration file:
  { "preset": "mini", "name": "my-model", "encoder": "./all-MiniLM-L6-v2",
    "kb": "my-kb", "train": ["train.jsonl"], "dev": "dev.jsonl" }

The folder of a training run contains model/ (the best checkpoint, for --model), state/ (for --resume), metrics.jsonl,
TensorBoard events and report.html.

Examples:
  mmel train --config my-model.json
  mmel train --resume runs/my-model`,
    )
    .action((options: TrainCommandOptions) => trainModel(context, options));
}

async function trainModel(context: Context, options: TrainCommandOptions): Promise<void> {
  const { train, trainingJsonSchema } = await import("../../training/mmel/index.js");
  if (options.schema) return print(context, `${JSON.stringify(trainingJsonSchema(), null, 2)}\n`);
  const { config, output } = await settings(options);
  let progress: Progress | undefined;
  let rejected = 0;
  const show = (unit: string, total?: number): Progress => {
    progress?.[Symbol.dispose]();
    progress = createProgress(context, unit, total);
    return progress;
  };
  const reading = show("captions read");
  let steps: Progress | undefined;
  const result = await train(config, {
    output,
    resume: options.resume !== undefined,
    signal: context.signal,
    onRead: (captions) => reading.update(captions),
    onRejected: ({ error }) => {
      rejected += 1;
      if (rejected <= MOST_NOTES) note(context, `${error.code}: ${error.message}`);
    },
    onBadPicture: (error) => note(context, `skipping a picture: ${error.code}: ${error.message}`),
    onProgress: ({ step, steps: total, loss, top1 }) => {
      steps ??= show("steps", total);
      const dev = top1 === undefined ? "" : `, dev Top-1 ${percent(top1)}`;
      steps.update(step, `loss ${loss.toFixed(3)}${dev}`);
    },
  }).finally(() => progress?.[Symbol.dispose]());
  if (rejected > 0) {
    note(context, `rejected ${counted(rejected, "line")} of the caption files`);
    context.setExitCode(EXIT.failed);
  }
  if (options.json) return print(context, `${JSON.stringify({ ...result, rejected })}\n`);
  note(context, `${counted(result.steps, "step")} in ${(result.seconds / 60).toFixed(1)} minutes`);
  const { top1, step } = result.best;
  await print(context, `The best model is in ${result.model}: dev Top-1 ${percent(top1)} at step ${step}.\n`);
}

/** Maximum number of rejected lines to report individually. */
const MOST_NOTES = 5;

/** Returns the configuration and the folder of the training run. `--init` overrides `init` in the configuration. */
async function settings({ config: file, resume, output, init }: TrainCommandOptions) {
  const { bundledFolder } = await import("../../models/registry.js");
  const { readTrainingConfig } = await import("../../training/mmel/index.js");
  if (resume !== undefined && (init ?? output) !== undefined)
    throw wrong("--resume cannot be combined with --init or --output", "Remove `--init` and `--output`.");
  const path = file ?? (resume === undefined ? undefined : join(resume, "config.json"));
  if (path === undefined) throw wrong("no configuration given", "Add `--config FILE.json`.");
  const config = await readTrainingConfig(
    path,
    init === undefined ? {} : { init: bundledFolder(init) ?? resolve(init) },
  );
  return { config, output: resume ?? output ?? config.output ?? join("runs", config.name) };
}

const wrong = (what: string, hint: string): MmelError => new MmelError("USAGE", { what, hint });

import type { Command } from "commander";
import { type Caption, MmelError } from "../../core/index.js";
import { readCaptions } from "../../formats/index.js";
import type { SettingFigures } from "../../training/calibration/index.js";
import { type Context, note, print } from "../context.js";
import { nameOf, openInput, sourceOf, valuesOf } from "../input.js";
import { integer, jsonOption, kbOption, offsetsOption, onErrorOption, rejectsOption } from "../options.js";
import {
  notePicturesUnused,
  openCommandPictures,
  type PictureOptions,
  withPictureOptions,
} from "../pictures.js";
import { createProgress } from "../progress.js";
import { percent, table } from "../table.js";

interface CalibrateCommandOptions extends PictureOptions {
  readonly kb: string;
  readonly model: string;
  readonly output?: string;
  readonly candidates: number;
  readonly hide: number;
  readonly folds: number;
  readonly seed: number;
  readonly offsets: "utf16" | "codepoint" | "byte";
  readonly onError: "skip" | "fail";
  readonly rejects?: string;
  readonly json?: boolean;
}

export function installCalibrate(program: Command, context: Context): void {
  withPictureOptions(program.command("calibrate"))
    .description(
      "Calibrate the probabilities and the NIL threshold of a model on captions with gold entities",
    )
    .argument(
      "[file]",
      'captions with gold entities that the model was not trained on; "-" or omitted: standard input',
    )
    .addOption(kbOption())
    .requiredOption("--model <name|dir>", "model to calibrate")
    .option(
      "--output <dir>",
      "write a calibrated copy of the model (default: write the calibration to the model's folder)",
    )
    .option("--candidates <n>", "maximum number of candidates to rank per mention", integer(1), 100)
    .option("--hide <percent>", "percentage of entities to hide, to create NIL mentions", integer(1), 20)
    .option("--folds <n>", "number of cross-validation folds for the printed figures", integer(2), 5)
    .option("--seed <s>", "random seed for hidden entities and folds", integer(0), 1)
    .addOption(offsetsOption())
    .addOption(jsonOption())
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addHelpText(
      "after",
      `
The captions are ranked twice: with the complete knowledge base, and with some entities hidden. The mentions of hidden
entities become NIL. The printed figures are cross-validated: each caption is evaluated with a calibration that was
fitted on the other folds.

Example:
  mmel calibrate dev.jsonl --kb ./people --model runs/my-model/model`,
    )
    .action((file: string | undefined, options: CalibrateCommandOptions) =>
      calibrateModel(context, file, options),
    );
}

async function calibrateModel(
  context: Context,
  file: string | undefined,
  { kb, hide, candidates, folds, seed, offsets, json, ...options }: CalibrateCommandOptions,
): Promise<void> {
  const { calibrate } = await import("../../training/calibration/index.js");
  const { saveCalibration } = await import("../../models/calibration/index.js");
  const { bundledFolder, loadUncalibrated } = await import("../../models/registry.js");
  if (hide >= 100)
    throw new MmelError("USAGE", {
      what: `--hide ${hide} hides all entities`,
      expected: "a percentage below 100",
    });
  if (options.output === undefined && bundledFolder(options.model) !== undefined)
    throw new MmelError("USAGE", {
      what: `${options.model} is a bundled model and cannot be changed`,
      hint: "Add `--output DIR` to write a calibrated copy.",
    });
  const source = sourceOf(file);
  const captions: Caption[] = [];
  await using input = await openInput(context, options);
  const reads = readCaptions(source, { offsets, signal: context.signal });
  for await (const caption of valuesOf(input.accept(reads, nameOf(source)))) captions.push(caption);
  await using pictures = await openCommandPictures(context, options);
  const { model, folder } = await loadUncalibrated(options.model, { images: pictures?.open });
  await using _ = model;
  notePicturesUnused(context, pictures, model.name);
  using progress = createProgress(context, "captions", 2 * captions.length);
  const { fitted, figures } = await calibrate(captions, {
    kb,
    model,
    images: pictures,
    candidates,
    hide: hide / 100,
    folds,
    seed,
    signal: context.signal,
    onProgress: (done) => progress.update(done),
  });
  progress[Symbol.dispose]();
  const output = options.output ?? folder;
  await saveCalibration(fitted, folder, output);
  if (json) return await print(context, `${JSON.stringify({ model: output, ...figures })}\n`);
  note(context, `wrote the calibration to ${output}`);
  const rows = [row("all entities", figures.full), row(`${hide} % hidden`, figures.hidden)];
  await print(
    context,
    table(
      [
        "knowledge base",
        "mentions",
        "correct",
        "ECE",
        "Brier",
        "coverage at 95 %",
        "NIL mentions",
        "NIL F1",
        "NIL F1 by name score",
      ],
      rows,
    ),
  );
}

function row(
  name: string,
  { predictions, accuracy, ece, brier, coverageAt95, nil, nilByName }: SettingFigures,
): string[] {
  return [
    name,
    String(predictions),
    percent(accuracy),
    percent(ece),
    brier.toFixed(3),
    percent(coverageAt95),
    String(nil.mentions),
    percent(nil.f1),
    percent(nilByName),
  ];
}

import type { Command } from "commander";
import { type Caption, MmelError } from "../../core/index.js";
import { readCaptions } from "../../formats/index.js";
import type { SettingFigures } from "../../training/calibration/index.js";
import { type Context, note, print } from "../context.js";
import { nameOf, openInput, sourceOf, valuesOf } from "../input.js";
import { integer, jsonOption, kbOption, offsetsOption, onErrorOption, rejectsOption } from "../options.js";
import { percent } from "../percent.js";
import {
  notePicturesUnused,
  openCommandPictures,
  type PictureOptions,
  withPictureOptions,
} from "../pictures.js";
import { createProgress } from "../progress.js";
import { table } from "../table.js";

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
    .description("fit probabilities and NIL to captions with gold that the model was not trained on")
    .argument("[file]", "captions with gold; - or nothing for standard input")
    .addOption(kbOption())
    .requiredOption("--model <name|dir>", "the model to calibrate")
    .option(
      "--output <dir>",
      "a copy of the model with its calibration (default: put it into the model's folder)",
    )
    .option("--candidates <n>", "candidates a mention", integer(1), 100)
    .option(
      "--hide <percent>",
      "percent of the entities that are hidden to make NIL mentions",
      integer(1),
      20,
    )
    .option("--folds <n>", "folds of the cross-fitting behind the figures", integer(2), 5)
    .option("--seed <s>", "of what is hidden and of the folds", integer(0), 1)
    .addOption(offsetsOption())
    .addOption(jsonOption())
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addHelpText(
      "after",
      `
The captions are ranked twice: with the knowledge base as it is, and with some of its entities hidden, whose mentions
are then NIL. The figures printed are cross-fitted: no caption has a part in what it is measured by.

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
    throw new MmelError("USAGE", { what: `--hide ${hide}`, expected: "less than 100 percent" });
  if (options.output === undefined && bundledFolder(options.model) !== undefined)
    throw new MmelError("USAGE", {
      what: `${options.model} came with this installation and stays as it is`,
      expected: "--output DIR, for a copy of it",
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
  if (json) return print(context, `${JSON.stringify({ model: output, ...figures })}\n`);
  note(context, `calibration written into ${output}`);
  const rows = [row("all entities", figures.full), row(`${hide} % hidden`, figures.hidden)];
  await print(
    context,
    table(
      [
        "knowledge base",
        "mentions",
        "right",
        "ECE",
        "Brier",
        "95 % right for",
        "NIL",
        "F1",
        "F1 by name score",
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

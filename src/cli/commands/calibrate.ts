import { type Command, InvalidArgumentError } from "commander";
import { type Caption, counted, MmelError } from "../../core/index.js";
import { readCaptions } from "../../formats/index.js";
import type { Model } from "../../models/model.js";
import type { Pictures } from "../../pictures/index.js";
import type { HiddenFigures } from "../../training/calibration/index.js";
import { type Context, note, print } from "../context.js";
import { nameOf, openInput, sourceOf, valuesOf } from "../input.js";
import {
  candidatesOption,
  integer,
  jsonOption,
  kbOption,
  offsetsOption,
  onErrorOption,
  rejectsOption,
} from "../options.js";
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
  readonly hide: readonly number[];
  readonly estimateCoverage?: string;
  readonly variations: boolean;
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
      "Calibrate the probabilities of a model on captions with gold entities, or estimate the coverage of a knowledge base",
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
    .addOption(candidatesOption())
    .option(
      "--hide <percentages>",
      "comma-separated percentages of entities to hide in order to create NIL mentions",
      percentages,
      [20, 50, 90],
    )
    .option(
      "--estimate-coverage <file>",
      "instead of fitting a calibration, estimate the coverage from these captions (no gold entities needed) and store it with the model, which must already be calibrated",
    )
    .option("--no-variations", "do not fit to additional copies of the captions in which names are rewritten")
    .option("--folds <n>", "number of cross-validation folds for the printed figures", integer(2), 5)
    .option("--seed <s>", "random seed for hidden entities, rewritten names and folds", integer(0), 1)
    .addOption(offsetsOption())
    .addOption(jsonOption())
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addHelpText(
      "after",
      `
The captions are ranked with the complete knowledge base, and with some entities hidden. The mentions of hidden entities
become NIL. The printed figures are cross-validated: each caption is evaluated with a calibration that was fitted on the
other folds. The coverage is the share of mentions whose entity is in the knowledge base. The figures show the results if
the coverage is given with \`--coverage\`, and if it is unknown.

--estimate-coverage needs at least 200 mentions, from captions that are typical of those to link. Linking then uses the
estimated coverage unless \`--coverage\` is given.

Examples:
  mmel calibrate dev.jsonl --kb ./people --model runs/my-model/model
  mmel calibrate --estimate-coverage captions.jsonl --kb ./people --model lexical --output ./lexical-for-people`,
    )
    .action((file: string | undefined, options: CalibrateCommandOptions) =>
      calibrateModel(context, file, options),
    );
}

/** Parses comma-separated whole percentages from 1 to 99. */
function percentages(text: string): number[] {
  const values = text.split(",").map(Number);
  if (values.every((value) => Number.isInteger(value) && value > 0 && value < 100)) return values;
  throw new InvalidArgumentError("whole numbers from 1 to 99, separated by commas.");
}

async function calibrateModel(
  context: Context,
  file: string | undefined,
  options: CalibrateCommandOptions,
): Promise<void> {
  const { bundledFolder, loadUncalibrated } = await import("../../models/registry.js");
  if (options.output === undefined && bundledFolder(options.model) !== undefined)
    throw new MmelError("USAGE", {
      what: `${options.model} is a bundled model and cannot be changed`,
      hint: "Add `--output DIR` to write a calibrated copy.",
    });
  if (options.estimateCoverage !== undefined && file !== undefined)
    throw new MmelError("USAGE", {
      what: "two files of captions were given",
      where: `${file} and ${options.estimateCoverage}`,
      hint: "To estimate the coverage, give only `--estimate-coverage FILE`.",
    });
  const source = sourceOf(options.estimateCoverage ?? file);
  await using input = await openInput(context, options);
  const reads = readCaptions(source, { offsets: options.offsets, signal: context.signal });
  const captions = valuesOf(input.accept(reads, nameOf(source)));
  await using pictures = await openCommandPictures(context, options);
  const { model, folder } = await loadUncalibrated(options.model, { images: pictures?.open });
  await using _ = model;
  notePicturesUnused(context, pictures, model.name);
  const task: Task = { model, folder, output: options.output ?? folder, pictures, captions };
  if (options.estimateCoverage === undefined) await fitAndSave(context, options, task);
  else await estimateAndSave(context, options, task);
}

interface Task {
  /** The model without its calibration, and its folder. */
  readonly model: Model;
  readonly folder: string;
  /** The folder to write to. */
  readonly output: string;
  readonly pictures: Pictures | undefined;
  readonly captions: AsyncIterable<Caption>;
}

async function fitAndSave(
  context: Context,
  { kb, hide, candidates, variations, folds, seed, json }: CalibrateCommandOptions,
  { model, folder, output, pictures, captions }: Task,
): Promise<void> {
  const { calibrate } = await import("../../training/calibration/index.js");
  const { saveCalibration } = await import("../../models/calibration/index.js");
  const annotated: Caption[] = [];
  for await (const caption of captions) annotated.push(caption);
  const copies = variations ? 2 : 1;
  using progress = createProgress(context, "captions", (1 + hide.length) * copies * annotated.length);
  const { fitted, figures } = await calibrate(annotated, {
    kb,
    model,
    images: pictures,
    candidates,
    hide: hide.map((percentage) => percentage / 100),
    variations,
    folds,
    seed,
    signal: context.signal,
    onProgress: (done) => progress.update(done),
  });
  progress[Symbol.dispose]();
  await saveCalibration(fitted, folder, output);
  const [full, hidden] = figures;
  if (json)
    return await print(context, `${JSON.stringify({ model: output, full, hidden, settings: figures })}\n`);
  note(context, `wrote the calibration to ${output}`);
  await print(context, table(COLUMNS, figures.flatMap(rowsOf)));
}

async function estimateAndSave(
  context: Context,
  { kb, candidates, json }: CalibrateCommandOptions,
  { model, folder, output, pictures, captions }: Task,
): Promise<void> {
  const { estimateFromCaptions } = await import("../../training/calibration/index.js");
  const { calibrated, readCalibration, saveCalibration } = await import("../../models/calibration/index.js");
  const stored = await readCalibration(folder, model.hash);
  using progress = createProgress(context, "captions");
  const { coverage, ...found } = await estimateFromCaptions(captions, {
    kb,
    model: await calibrated(model, folder),
    images: pictures,
    candidates,
    signal: context.signal,
    onProgress: (done) => progress.update(done),
  });
  progress[Symbol.dispose]();
  if (stored !== undefined)
    await saveCalibration({ ...stored.fitted, coverage, estimate: found }, folder, output);
  if (json) return await print(context, `${JSON.stringify({ model: output, coverage, ...found })}\n`);
  note(context, `wrote the coverage to ${output}`);
  const [low, high] = found.interval95.map((value) => percent(value));
  await print(
    context,
    `Coverage of ${found.kb}: ${percent(coverage)} of ${counted(found.mentions, "mention")} (95 % interval: ${low} to ${high})\n`,
  );
}

const COLUMNS = [
  "entities hidden",
  "coverage",
  "mentions",
  "correct",
  "ECE",
  "Brier",
  "links at p ≥ 0.9",
  "of these, correct",
  "NIL mentions",
  "NIL F1",
  "NIL F1 by name score",
];

/** Formats two rows: the figures if the coverage is known, and the figures with the default coverage. */
function rowsOf({ hide, coverage, nilByName, unknownCoverage, ...given }: HiddenFigures): string[][] {
  return [
    [`${Math.round(100 * hide)} %`, `given: ${percent(coverage)}`, given] as const,
    ["", "unknown", unknownCoverage] as const,
  ].map(([hidden, known, { predictions, accuracy, ece, brier, nil, confidentLinks }]) => [
    hidden,
    known,
    String(predictions),
    percent(accuracy),
    percent(ece),
    brier.toFixed(3),
    percent(confidentLinks.share),
    percent(confidentLinks.accuracy),
    String(nil.mentions),
    percent(nil.f1),
    percent(nilByName),
  ]);
}

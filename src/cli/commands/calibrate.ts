import { type Command, InvalidArgumentError } from "commander";
import { type Caption, counted, limits, MmelError, percent } from "../../core/index.js";
import type { FittedCalibration } from "../../models/calibration/index.js";
import type { Model } from "../../models/model.js";
import type { Pictures } from "../../pictures/index.js";
import type { Comparison, CoverageSource, HiddenFigures } from "../../training/calibration/index.js";
import { type CaptionFlags, openCaptions, withCaptionOptions } from "../captions.js";
import { type Context, note, print } from "../context.js";
import { EXIT } from "../exit.js";
import { candidatesOption, integer, jsonOption, kbOption } from "../options.js";
import {
  notePicturesUnused,
  openCommandPictures,
  type PictureOptions,
  withPictureOptions,
} from "../pictures.js";
import { createProgress } from "../progress.js";
import { signed, table } from "../table.js";

interface CalibrateCommandOptions extends PictureOptions, CaptionFlags {
  readonly kb: string;
  readonly model: string;
  readonly output?: string;
  readonly candidates: number;
  readonly hide: readonly number[];
  readonly nilRate?: number;
  readonly estimateCoverage?: string;
  readonly variations: boolean;
  readonly folds: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function installCalibrate(program: Command, context: Context): void {
  withCaptionOptions(withPictureOptions(program.command("calibrate")))
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
      "--nil-rate <share>",
      "share of mentions whose entity is missing from the knowledge base, from 0 to below 1 (default: the share of mentions with the gold annotation null, if there are any)",
      nilRate,
    )
    .option(
      "--estimate-coverage <file>",
      "instead of fitting a calibration, estimate the coverage from these captions (no gold entities needed) and store it with the model, which must already be calibrated",
    )
    .option("--no-variations", "do not fit to additional copies of the captions in which names are rewritten")
    .option("--folds <n>", "number of cross-validation folds for the printed figures", integer(2), 5)
    .option("--seed <s>", "random seed for hidden entities, rewritten names and folds", integer(0), 1)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The captions are ranked with the complete knowledge base, and with some entities hidden. The mentions of hidden entities
become NIL. The printed figures are cross-validated: each caption is evaluated with a calibration that was fitted on the
other folds ("after"), and with the model's present calibration ("before"). The coverage is the share of mentions whose
entity is in the knowledge base. The figures show the results if the coverage is given with \`--coverage\`, and if it is not.
"p ≥ 0.9" is the share of mentions that are linked with a probability of at least 0.9, "NIL" the number of NIL mentions.

The new calibration is written only if it is better: the mean of -log p of the right outcome (log loss) is lower by more
than chance (the 95 % interval of the difference, over captions, is below 0), and the calibration error (ECE, mean of the
rows with a given coverage) is not higher. Otherwise the present calibration stays, with the coverage that the gold
annotations or --nil-rate give. If nothing changes, nothing is written and the exit code is 1. Use at least 300 mentions.

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

/** Parses a share from 0 to below 1. */
function nilRate(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError("a number from 0 to below 1.");
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
  if (options.estimateCoverage !== undefined && options.nilRate !== undefined)
    throw new MmelError("USAGE", {
      what: "--nil-rate gives the coverage that --estimate-coverage would estimate",
      hint: "Remove one of the two options.",
    });
  if (options.output !== undefined) {
    const { assertModelFolder } = await import("../../models/replace-folder.js");
    await assertModelFolder(options.output);
  }
  await using input = await openCaptions(context, options.estimateCoverage ?? file, options);
  await using pictures = await openCommandPictures(context, options);
  const { model, folder } = await loadUncalibrated(options.model, { images: pictures?.open });
  await using _ = model;
  notePicturesUnused(context, pictures, model.name);
  const { captions } = input;
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
  { kb, hide, candidates, variations, folds, seed, nilRate, json }: CalibrateCommandOptions,
  { model, folder, output, pictures, captions }: Task,
): Promise<void> {
  const { calibrate } = await import("../../training/calibration/index.js");
  const { saveCalibration } = await import("../../models/calibration/index.js");
  const annotated: Caption[] = [];
  for await (const caption of captions) annotated.push(caption);
  const before = await presentCalibration(context, folder, model.hash);
  const copies = variations ? 2 : 1;
  using progress = createProgress(context, "captions", (1 + hide.length) * copies * annotated.length);
  const { fitted, change, coverage, mentions, nilMentions, figures, comparison } = await calibrate(
    annotated,
    {
      kb,
      model,
      before,
      nilRate,
      images: pictures,
      candidates,
      hide: hide.map((percentage) => percentage / 100),
      variations,
      folds,
      seed,
      signal: context.signal,
      onProgress: (done) => progress.update(done),
    },
  );
  progress[Symbol.dispose]();
  if (change === "none") context.setExitCode(EXIT.failed);
  else await saveCalibration(fitted, folder, output);
  if (mentions < ENOUGH)
    note(
      context,
      `only ${counted(mentions, "mention has", "mentions have")} gold annotations; with fewer than ${ENOUGH}, chance decides much of the result`,
    );
  const written = change === "none" ? null : change;
  const [full, hidden] = figures;
  if (json) {
    const result = { model: change === "none" ? null : output, written, coverage, mentions, nilMentions };
    return await print(
      context,
      `${JSON.stringify({ ...result, comparison: comparison ?? null, full, hidden, settings: figures })}\n`,
    );
  }
  const { value, source } = coverage;
  note(
    context,
    {
      calibration: `wrote the calibration to ${output}, with a coverage of ${percent(value)} (${COVERAGE_FROM[source]})`,
      coverage: `kept the present calibration, because the new one is not better; wrote it to ${output} with a coverage of ${percent(value)} (${COVERAGE_FROM[source]})`,
      none: "kept the present calibration, because the new one is not better; nothing was written",
    }[change],
  );
  await print(
    context,
    `${comparison ? comparisonText(comparison) : ""}${table(COLUMNS, figures.flatMap(rowsOf))}`,
  );
}

/** Number of mentions with gold annotations below which the command warns. */
const ENOUGH = 300;

const COVERAGE_FROM: Readonly<Record<CoverageSource, string>> = {
  nilRate: "from --nil-rate",
  gold: "from the gold annotations",
  before: "as before",
  default: "the default",
};

/** Reads the calibration in a model's folder. A calibration that does not fit the model counts as absent. */
async function presentCalibration(
  context: Context,
  folder: string,
  hash: string,
): Promise<FittedCalibration | undefined> {
  const { readCalibration } = await import("../../models/calibration/index.js");
  try {
    return (await readCalibration(folder, hash))?.fitted;
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    note(context, `ignoring the present calibration: ${error.detail.what}`);
    return undefined;
  }
}

function comparisonText({ logLoss, calibrationError }: Comparison): string {
  return `Log loss ${logLoss.before.toFixed(3)} before, ${logLoss.after.toFixed(3)} after (difference ${signed(logLoss.difference)}, 95 % interval ${limits(logLoss.interval95, signed)})
Calibration error ${percent(calibrationError.before)} before, ${percent(calibrationError.after)} after

`;
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
  await print(
    context,
    `Coverage of ${found.kb}: ${percent(coverage)} of ${counted(found.mentions, "mention")} (95 % interval: ${limits(found.interval95)})\n`,
  );
}

const COLUMNS = [
  "hidden",
  "coverage",
  "calibration",
  "mentions",
  "correct",
  "log loss",
  "ECE",
  "Brier",
  "p ≥ 0.9",
  "of these correct",
  "NIL",
  "NIL F1",
];

/**
 * Formats the rows of a setting: the figures if the coverage is given, and with the coverage of the calibration; each
 * before and after.
 */
function rowsOf({
  hide,
  coverage,
  nilByName: _,
  unknownCoverage,
  before,
  ...given
}: HiddenFigures): string[][] {
  const rows = [
    ...(before ? [[`given: ${percent(coverage)}`, "before", before] as const] : []),
    [before ? "" : `given: ${percent(coverage)}`, "after", given] as const,
    ...(before ? [["not given", "before", before.unknownCoverage] as const] : []),
    [before ? "" : "not given", "after", unknownCoverage] as const,
  ];
  return rows.map(
    ([known, when, { predictions, accuracy, logLoss, ece, brier, nil, confidentLinks }], row) => [
      row === 0 ? percent(hide, 0) : "",
      known,
      when,
      String(predictions),
      percent(accuracy),
      logLoss?.toFixed(3) ?? "–",
      percent(ece),
      brier.toFixed(3),
      percent(confidentLinks.share),
      percent(confidentLinks.accuracy),
      String(nil.mentions),
      percent(nil.f1),
    ],
  );
}

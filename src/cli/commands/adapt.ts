import { type Command, InvalidArgumentError } from "commander";
import type { Caption } from "../../core/index.js";
import { counted, limits, MmelError, percent } from "../../core/index.js";
import type { AdaptComparison } from "../../training/adapt/index.js";
import type { Paired } from "../../training/paired.js";
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
import { signed, signedPercent, table } from "../table.js";

interface AdaptCommandOptions extends PictureOptions, CaptionFlags {
  readonly kb: string;
  readonly model?: string;
  readonly output: string;
  readonly candidates: number;
  readonly holdBack: number;
  readonly seed: number;
  readonly json?: boolean;
}

export function installAdapt(program: Command, context: Context): void {
  withCaptionOptions(withPictureOptions(program.command("adapt")))
    .description("Adapt a model to captions that you have reviewed")
    .argument(
      "[file]",
      'reviewed captions with gold entities, such as an export of the review page; "-" or omitted: standard input',
    )
    .addOption(kbOption())
    .option(
      "--model <name|dir>",
      "model to adapt: a bundled model (see `mmel models list`) or a model folder (default: the bundled default model)",
    )
    .option("--output <dir>", "folder for the adapted model", "./adapted")
    .addOption(candidatesOption())
    .option("--hold-back <share>", "share of the captions to hold back for the comparison", share, 0.3)
    .option("--seed <s>", "random seed for the captions to hold back", integer(0), 1)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Fits the weights of the lexical ranker and the calibration. It starts from those of the model, and a penalty keeps them
close; its strength is chosen by cross-validation, so that a few captions change little. The network and the ranking
settings stay as they are, and so does the model given with --model: the adapted model is a copy.

The captions that are held back are not used for the fit. Captions with the same first gold entity are held back together.
The adapted model is written only if, on these captions, the log loss (mean of -log p of the right outcome) is lower and no
fewer outcomes are right than before. Otherwise nothing is written and the exit code is 1. Captions with gold null also
set the coverage, as in \`mmel calibrate\`. At least 20 captions are needed; 100 or more are better.

Examples:
  mmel adapt reviewed.jsonl --kb ./people
  mmel link captions.jsonl --kb ./people --model ./adapted`,
    )
    .action((file: string | undefined, options: AdaptCommandOptions) => adaptModel(context, file, options));
}

/** Parses a share between 0 and 1, both excluded. */
function share(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError("a number above 0 and below 1.");
}

async function adaptModel(
  context: Context,
  file: string | undefined,
  options: AdaptCommandOptions,
): Promise<void> {
  const { kb, model, output, candidates, holdBack, seed, json } = options;
  const { bundledFolder } = await import("../../models/registry.js");
  const { adapt, isImproved, saveAdapted } = await import("../../training/adapt/index.js");
  const { assertModelFolder } = await import("../../models/replace-folder.js");
  if (bundledFolder(output) !== undefined)
    throw new MmelError("USAGE", {
      what: `${output} is the name of a bundled model, which \`--model ${output}\` would open instead`,
      where: "--output",
      hint: "Choose another folder.",
    });
  await assertModelFolder(output);
  await using input = await openCaptions(context, file, options);
  const captions: Caption[] = [];
  for await (const caption of input.captions) captions.push(caption);
  await using pictures = await openCommandPictures(context, options);
  using progress = createProgress(context, "captions", 2 * captions.length);
  const adapted = await adapt(captions, {
    kb,
    model,
    images: pictures,
    candidates,
    holdBack,
    seed,
    signal: context.signal,
    onProgress: (done) => progress.update(done),
  });
  progress[Symbol.dispose]();
  notePicturesUnused(context, pictures, model ?? "the default model");
  const { comparison, captions: counts, strength } = adapted;
  const improved = isImproved(comparison);
  if (improved) await saveAdapted(adapted, output);
  else context.setExitCode(EXIT.failed);
  if (json) {
    const result = { model: improved ? output : null, captions: counts, strength, ...comparison };
    return await print(context, `${JSON.stringify(result)}\n`);
  }
  await print(context, comparisonTable(comparison));
  note(
    context,
    `fitted to ${counted(counts.fitted, "caption")}; compared on ${counted(counts.heldBack, "caption")} that were held back`,
  );
  note(context, improved ? `wrote the adapted model to ${output}${doubt(comparison)}` : refusal(comparison));
}

function comparisonTable({ correct, logLoss }: AdaptComparison): string {
  const row = (
    name: string,
    { mentions, ...paired }: Paired,
    show: (value: number) => string,
    change = signed,
  ) => [
    name,
    String(mentions),
    show(paired.before),
    show(paired.after),
    change(paired.difference),
    limits(paired.interval95, change),
  ];
  return table(
    ["", "mentions", "before", "after", "difference", "95 % interval"],
    [
      row("right outcomes", correct, percent, signedPercent),
      row("log loss", logLoss, (value) => value.toFixed(3)),
    ],
  );
}

const doubt = ({ logLoss }: AdaptComparison): string =>
  logLoss.interval95 !== null && logLoss.interval95[1] < 0
    ? ""
    : "; the gain may be due to chance, because the interval of the log loss contains 0";

function refusal({ correct, logLoss }: AdaptComparison): string {
  const reason =
    correct.difference < 0
      ? "fewer outcomes are right"
      : logLoss.difference === 0
        ? "the corrections do not change it"
        : "its log loss is higher";
  return `the adapted model is not better: ${reason} on the captions that were held back; nothing was written. Review more captions, and try again`;
}

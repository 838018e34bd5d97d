import { type Command, Option } from "commander";
import { type Caption, counted } from "../../../core/index.js";
import { writeAtomically } from "../../../formats/output.js";
import { captionFormatOf, nifSyntaxOf } from "../../../formats/record.js";
import { type Context, note, printLines } from "../../context.js";
import { integer, PUBLISHED_FORMATS, type PublishedFormat } from "../../options.js";

interface ConvertOptions {
  readonly format: PublishedFormat;
  readonly split: string;
  readonly divide?: number;
  readonly output?: string;
}

export function installConvert(dataset: Command, context: Context): void {
  dataset
    .command("convert")
    .description(
      "Write the captions of a public data set and their gold entities as JSON Lines or NIF; other fields that reveal these entities are left out",
    )
    .argument("<dir>", "folder of the data set")
    .addOption(
      new Option("--format <format>", "the data set").choices(PUBLISHED_FORMATS).makeOptionMandatory(),
    )
    .requiredOption("--split <name>", "name of the split, such as train, dev or test")
    .option(
      "--divide <seed>",
      "divide the published training captions into train, dev and test (70, 10 and 20 %) at random, and write one of these",
      integer(0),
    )
    .option(
      "--output <file>",
      "file to write: NIF if its name ends in .ttl, .nt or .nif, otherwise JSON Lines (default: standard output)",
    )
    .addHelpText(
      "after",
      `
Examples:
  mmel dataset convert Wikidata-MEL --format wikimel --split dev --output dev.jsonl
  mmel dataset convert Richpedia-MEL --format richpedia --split test --divide 1 --output test.jsonl`,
    )
    .action((dir: string, options: ConvertOptions) => convert(context, dir, options));
}

async function convert(
  context: Context,
  dir: string,
  { format, split, divide, output }: ConvertOptions,
): Promise<void> {
  const { captionLines } = await import("../../../formats/index.js");
  const { DATASETS, divided } = await import("../../../datasets/index.js");
  const skipped = new Map<string, number>();
  const onSkipped = (reason: string): void => void skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  const read = (name: string): AsyncIterable<Caption> => DATASETS[format].captions(dir, name, onSkipped);
  let unplaced = 0;
  const lines = captionLines(
    divide === undefined ? read(split) : divided(read("train"), split, divide, dir),
    {
      format: captionFormatOf(output) === "nif" ? "nif" : "jsonl",
      nif: { syntax: nifSyntaxOf(output) },
      onUnplaced: (_, mentions) => {
        unplaced += mentions;
      },
    },
  );
  if (output === undefined) await printLines(context, lines);
  else {
    await writeAtomically(output, lines);
    note(context, `wrote the ${split} captions of ${format} to ${output}`);
  }
  for (const [reason, count] of skipped) note(context, `${reason}: ${count} left out`);
  if (unplaced > 0)
    note(
      context,
      `${counted(unplaced, "mention is", "mentions are")} not in the text, so NIF leaves them out`,
    );
}

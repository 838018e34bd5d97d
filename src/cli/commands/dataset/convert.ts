import { type Command, Option } from "commander";
import { counted } from "../../../core/index.js";
import { writeAtomically } from "../../../formats/output.js";
import { captionFormatOf, nifSyntaxOf } from "../../../formats/record.js";
import { type Context, note, printLines } from "../../context.js";

interface ConvertOptions {
  readonly format: "wikimel" | "richpedia";
  readonly split: string;
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
      new Option("--format <format>", "the data set").choices(["wikimel", "richpedia"]).makeOptionMandatory(),
    )
    .requiredOption("--split <name>", "name of the split, such as train, dev or test")
    .option(
      "--output <file>",
      "file to write: NIF if its name ends in .ttl, .nt or .nif, otherwise JSON Lines (default: standard output)",
    )
    .addHelpText(
      "after",
      "\nExample:\n  mmel dataset convert Wikidata-MEL --format wikimel --split dev --output dev.jsonl",
    )
    .action((dir: string, options: ConvertOptions) => convert(context, dir, options));
}

async function convert(
  context: Context,
  dir: string,
  { format, split, output }: ConvertOptions,
): Promise<void> {
  const { captionLines } = await import("../../../formats/index.js");
  const { DATASETS } = await import("../../../datasets/index.js");
  let unplaced = 0;
  const lines = captionLines(DATASETS[format].captions(dir, split), {
    format: captionFormatOf(output) === "nif" ? "nif" : "jsonl",
    nif: { syntax: nifSyntaxOf(output) },
    onUnplaced: (_, mentions) => {
      unplaced += mentions;
    },
  });
  if (output === undefined) return await printLines(context, lines);
  await writeAtomically(output, lines);
  note(context, `wrote the ${split} captions of ${format} to ${output}`);
  if (unplaced > 0)
    note(
      context,
      `${counted(unplaced, "mention is", "mentions are")} not in the text, so NIF leaves them out`,
    );
}

import { type Command, Option } from "commander";
import { captionLines, writeAtomically, writeLines } from "../../../formats/index.js";
import { type Context, note } from "../../context.js";

interface ConvertOptions {
  readonly format: "wikimel" | "richpedia";
  readonly split: string;
  readonly output?: string;
}

export function installConvert(dataset: Command, context: Context): void {
  dataset
    .command("convert")
    .description(
      "write the captions of a published data set in our form, without what would give the answers away",
    )
    .argument("<dir>", "the data set's folder")
    .addOption(
      new Option("--format <form>", "which data set").choices(["wikimel", "richpedia"]).makeOptionMandatory(),
    )
    .requiredOption("--split <name>", "which part: train, dev …")
    .option("--output <file>", "write there instead of to standard output")
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
  const { DATASETS } = await import("../../../datasets/index.js");
  const lines = captionLines(DATASETS[format].captions(dir, split));
  if (output === undefined) await writeLines(context.stdout, lines);
  else {
    await writeAtomically(output, lines);
    note(context, `${format} ${split} written to ${output}`);
  }
}

import { type Command, Option } from "commander";
import { MmelError } from "../../../core/index.js";
import { type Context, print } from "../../context.js";
import { countLines, openInput, refuseOverwriting } from "../../input.js";
import { jsonOption, kbOption, onErrorOption, rejectsOption } from "../../options.js";
import { createProgress } from "../../progress.js";
import { isRdf, withCatalogueOptions } from "./catalogue-options.js";
import { FORMATS } from "./read-all.js";
import { openReading } from "./reading.js";
import { type UpdateOptions, updateFromFiles } from "./update.js";
import { withWikidataOptions } from "./wikidata-options.js";
import { withoutDuplicates } from "./without-duplicates.js";

interface ImportOptions extends UpdateOptions {
  readonly update?: boolean;
}

export function installImport(kb: Command, context: Context): void {
  withCatalogueOptions(withWikidataOptions(kb.command("import")))
    .description("make a knowledge base of entities; readers see the old one until the new one is complete")
    .argument(
      "[files...]",
      "JSON Lines, CSV, Turtle or N-Triples, also .gz; the folder of a published data set; a dump",
    )
    .addOption(kbOption())
    .addOption(new Option("--format <form>", "what the files are").choices(FORMATS).default("auto"))
    .option("--update", "change only what the files hold: add new entities, replace those with the same id")
    .option("--remove <file>", "with --update: ids of entities to remove, one a line")
    .option("--name <name>", "what links call it (default: the name of the folder, or after ?kb=)")
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
  mmel kb import people.jsonl places.csv.gz --kb ./catalogue
  mmel kb import Wikidata-MEL --format wikimel --kb ./wikimel
  mmel kb import latest-all.json.gz --format wikidata --instance-of Q5 --languages en,de --kb ./people
  mmel kb import thesaurus.ttl --format skos --languages en,de --base http://example.org/ --kb ./thesaurus
  mmel kb import collection.csv --mapping collection.json --kb ./collection
  mmel kb import changes.jsonl --update --remove gone.txt --kb ./catalogue
  mmel kb import people.jsonl --kb "postgres://owner@db.example.org/catalogue?kb=people"

A CSV file has a column for each field: id, label, aliases, description, images, popularity, url, and
properties.NAME for each property; | stands between several values.`,
    )
    .action((files: string[], options: ImportOptions) => {
      assertUsage(files, options);
      return options.update ? updateFromFiles(context, files, options) : importFiles(context, files, options);
    });
}

function assertUsage(files: readonly string[], { update, remove }: ImportOptions): void {
  const where = "mmel kb import";
  if (remove !== undefined && !update)
    throw new MmelError("USAGE", {
      what: "--remove without --update",
      where,
      hint: "--update --remove FILE",
    });
  if (files.length > 0 || remove !== undefined) return;
  throw new MmelError("USAGE", {
    what: "missing required argument 'files'",
    where,
    expected: "mmel kb import --kb <target> [options] <files...>",
    hint: "mmel kb import --help",
  });
}

async function importFiles(
  context: Context,
  files: readonly string[],
  options: ImportOptions,
): Promise<void> {
  const { importKb } = await import("../../../linker/index.js");
  const { showTarget } = await import("../../../kb/index.js");
  await refuseOverwriting(files, { "--rejects": options.rejects });
  await using input = await openInput(context, options);
  const [file, ...others] = files;
  const countable =
    others.length === 0 && options.format !== "wikidata" && !isRdf(file ?? "", options.format);
  const only = countable ? await countLines(context, file!) : undefined;
  using progress = createProgress(context, "entities", only);
  const started = performance.now();
  const reading = await openReading(context, files, options, progress);
  const records = input.accept(reading.reads, files.join(", "));
  const { entities, onDuplicate } = withoutDuplicates(records, input, reading.file);
  const manifest = await importKb(options.kb, entities, {
    ...(options.name !== undefined && { name: options.name }),
    signal: context.signal,
    onProgress: progress.update,
    onDuplicate,
    confirm: async ({ entities }) => {
      if (entities > 0) return;
      const what = "no record of the input became an entity";
      throw new MmelError("FORMAT", { what, where: files.join(", "), expected: "at least one entity" });
    },
  });
  const { figures, text } = await reading.finish();
  progress[Symbol.dispose]();
  const seconds = (performance.now() - started) / 1000;
  const report = {
    ...manifest,
    rejected: input.rejected(),
    seconds: Math.round(seconds * 100) / 100,
    ...figures,
  };
  await print(
    context,
    options.json
      ? `${JSON.stringify(report)}\n`
      : `${manifest.entities} entities with ${manifest.names} names in ${showTarget(options.kb)} (${manifest.name}@${manifest.version}), ${report.seconds} s\n${text}`,
  );
}

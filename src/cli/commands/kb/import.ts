import { type Command, Option } from "commander";
import { counted, type Entity, MmelError } from "../../../core/index.js";
import { type Context, note, print } from "../../context.js";
import { type Accepted, countLines, openInput, refuseOverwriting } from "../../input.js";
import { jsonOption, kbOption, onErrorOption, rejectsOption, replaceOption } from "../../options.js";
import { createProgress } from "../../progress.js";
import { printMapping } from "../../tables.js";
import { type ImportFilesOptions, openImportFiles, rejectDuplicates } from "./import-files.js";
import { IMPORT_FORMATS, isRdf, withCatalogueOptions, withWikidataOptions } from "./import-options.js";

interface ImportOptions extends ImportFilesOptions {
  readonly update?: boolean;
  readonly remove?: string;
  readonly replace?: boolean;
  readonly name?: string;
  readonly onError: "skip" | "fail";
  readonly rejects?: string;
  readonly json?: boolean;
}

export function installImport(kb: Command, context: Context): void {
  withCatalogueOptions(withWikidataOptions(kb.command("import")))
    .description(
      "Create, replace or update a knowledge base; readers use the old version until the new version is complete",
    )
    .argument(
      "[files...]",
      "JSON Lines, CSV, TSV, Excel (XLSX), Turtle or N-Triples, optionally gzipped; the folder of a public data set; or a Wikidata dump",
    )
    .addOption(kbOption())
    .addOption(new Option("--format <format>", "format of the files").choices(IMPORT_FORMATS).default("auto"))
    .option(
      "--update",
      "keep the existing entities; add the entities in the files, and replace entities with the same id",
    )
    .option("--remove <file>", "with --update: a file with the ids of entities to remove, one per line")
    .addOption(replaceOption())
    .option(
      "--name <name>",
      "knowledge base name shown in links (default: the name of the folder, or the name after ?kb=; with --update, the current name)",
    )
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
  mmel kb import collection.xlsx --kb ./collection
  mmel kb import collection.csv --kb ./collection --print-mapping > collection.json
  mmel kb import collection.csv --mapping collection.json --kb ./collection
  mmel kb import changes.jsonl --update --remove gone.txt --kb ./catalogue
  mmel kb import people.jsonl --kb "postgres://owner@db.example.org/catalogue?kb=people"

Columns of a table: id, label, aliases, description, images, popularity, url, and properties.NAME for each property, with |
between several values in a cell. The fields of other columns are guessed and shown, unless there is a --mapping.`,
    )
    .action((files: string[], options: ImportOptions) => {
      assertUsage(files, options);
      if (options.printMapping) return showMapping(context, files[0]!, options.mapping);
      return options.update ? updateFromFiles(context, files, options) : importFiles(context, files, options);
    });
}

async function showMapping(context: Context, file: string, mapping: string | undefined): Promise<void> {
  const { readMapping } = await import("../../../formats/index.js");
  await printMapping(context, file, mapping === undefined ? undefined : await readMapping(mapping));
}

function assertUsage(files: readonly string[], { update, remove, printMapping }: ImportOptions): void {
  const where = "mmel kb import";
  if (remove !== undefined && !update)
    throw new MmelError("USAGE", {
      what: "--remove requires --update",
      where,
      hint: "Add `--update`.",
    });
  if (files.length > 0 || (remove !== undefined && !printMapping)) return;
  throw new MmelError("USAGE", {
    what: "missing required argument 'files'",
    where,
    expected: "mmel kb import --kb <target> [options] <files...>",
    hint: "Run `mmel kb import --help`.",
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
  await using input = openInput(context, options);
  const [file, ...others] = files;
  const countable =
    others.length === 0 && options.format !== "wikidata" && !isRdf(file ?? "", options.format);
  const total = countable ? await countLines(context, file!) : undefined;
  using progress = createProgress(context, "entities", total);
  const started = performance.now();
  const source = await openImportFiles(context, files, options, progress);
  const records = input.accept(source.reads, files.join(", "));
  const { entities, onDuplicate } = rejectDuplicates(records, input, source.currentFile);
  const manifest = await importKb(options.kb, atLeastOne(entities, files.join(", ")), {
    ...(options.name !== undefined && { name: options.name }),
    replace: options.replace ?? false,
    signal: context.signal,
    onProgress: progress.update,
    onDuplicate,
  });
  const { figures, text } = await source.finish();
  progress[Symbol.dispose]();
  const seconds = secondsSince(started);
  const report = { ...manifest, rejected: input.rejected(), seconds, ...figures };
  await print(
    context,
    options.json
      ? `${JSON.stringify(report)}\n`
      : `Imported ${counted(manifest.entities, "entity", "entities")} with ${counted(manifest.names, "name")} into ${showTarget(options.kb)} (${manifest.name}@${manifest.version}) in ${seconds} s.\n${text}`,
  );
}

/**
 * Runs `mmel kb import --update`: adds the entities in the files, replaces entities with the same id, and removes the
 * entities listed in `--remove`.
 */
async function updateFromFiles(
  context: Context,
  files: readonly string[],
  options: ImportOptions,
): Promise<void> {
  const { updateKb } = await import("../../../linker/index.js");
  const { showTarget } = await import("../../../kb/index.js");
  const { kb, name, remove, replace = false } = options;
  await refuseOverwriting([...files, ...(remove === undefined ? [] : [remove])], {
    "--rejects": options.rejects,
  });
  await using input = openInput(context, options);
  using progress = createProgress(context, "entities");
  const started = performance.now();
  const source = await openImportFiles(context, files, options, progress);
  const removedIds = remove === undefined ? new Set<string>() : await idsIn(remove, context.signal);
  const accepted = (): AsyncIterable<Accepted<Entity>> =>
    assertNotRemoved(
      input.accept(source.reads, files.join(", ")),
      removedIds,
      remove ?? "",
      source.currentFile,
    );
  const { entities, onDuplicate } =
    files.length === 0
      ? { entities: noEntities(), onDuplicate: () => {} }
      : rejectDuplicates(accepted(), input, source.currentFile);
  const { manifest, ...changes } = await updateKb(
    kb,
    { entities, remove: removedIds },
    {
      ...(name !== undefined && { name }),
      replace,
      signal: context.signal,
      onProgress: progress.update,
      onDuplicate,
    },
  );
  const { figures, text } = await source.finish();
  progress[Symbol.dispose]();
  if (changes.notFound > 0)
    note(
      context,
      `${counted(changes.notFound, `id in ${remove} was`, `ids in ${remove} were`)} not in the knowledge base`,
    );
  const seconds = secondsSince(started);
  const report = { ...manifest, ...changes, rejected: input.rejected(), seconds, ...figures };
  const { added, changed, removed, unchanged } = changes;
  await print(
    context,
    options.json
      ? `${JSON.stringify(report)}\n`
      : `${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged in ${seconds} s; ${showTarget(kb)} (${manifest.name}@${manifest.version}) now contains ${counted(manifest.entities, "entity", "entities")}.\n${text}`,
  );
}

/** Returns the seconds since `started`, a time from `performance.now()`, rounded to two decimals. */
const secondsSince = (started: number): number => Math.round((performance.now() - started) / 10) / 100;

/** Yields the entities unchanged. Throws `FORMAT` at the end if there were none. */
async function* atLeastOne(entities: AsyncIterable<Entity>, where: string): AsyncGenerator<Entity> {
  let empty = true;
  for await (const entity of entities) {
    empty = false;
    yield entity;
  }
  if (!empty) return;
  const what = "the input contains no valid entity";
  throw new MmelError("FORMAT", { what, where, expected: "at least one entity" });
}

async function* noEntities(): AsyncGenerator<Entity> {}

async function idsIn(file: string, signal: AbortSignal): Promise<Set<string>> {
  const ids = new Set<string>();
  const { readIds } = await import("../../../formats/index.js");
  for await (const id of readIds(file, signal)) ids.add(id);
  return ids;
}

/** Yields the records unchanged. Throws `FORMAT` if the id of a record is also in the file of ids to remove. */
async function* assertNotRemoved(
  records: AsyncIterable<Accepted<Entity>>,
  removedIds: ReadonlySet<string>,
  removeFile: string,
  currentFile: () => string,
): AsyncGenerator<Accepted<Entity>> {
  for await (const record of records) {
    if (removedIds.has(record.value.id))
      throw new MmelError("FORMAT", {
        what: `entity "${record.value.id}" is also listed for removal in ${removeFile}`,
        where: `${currentFile()}, line ${record.line}`,
        expected: "the id in only one of the files",
        hint: "Remove the id from one of the files.",
      });
    yield record;
  }
}

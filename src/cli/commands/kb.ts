import { type Command, Option } from "commander";
import { type Entity, MmelError } from "../../core/index.js";
import {
  entityLines,
  formatOf,
  type Read,
  type Rejected,
  readCaptions,
  readEntities,
  writeAtomically,
  writeLines,
} from "../../formats/index.js";
import { type Context, note, print } from "../context.js";
import { type Accepted, countLines, type Input, openInput, refuseOverwriting } from "../input.js";
import { integer, jsonOption, kbOption, onErrorOption, rejectsOption } from "../options.js";
import { createProgress } from "../progress.js";
import { table } from "../table.js";

const FORMATS = ["auto", "jsonl", "csv", "wikimel", "richpedia"] as const;
type Format = (typeof FORMATS)[number];

interface ImportOptions {
  readonly kb: string;
  readonly format: Format;
  readonly name?: string;
  readonly onError: "skip" | "fail";
  readonly rejects?: string;
  readonly json?: boolean;
}

export function installKb(program: Command, context: Context): void {
  const kb = program.command("kb").description("make, look into and export a knowledge base");

  kb.command("import")
    .description("make a knowledge base of entities; readers see the old one until the new one is complete")
    .argument("<files...>", "JSON Lines or CSV, also .gz; the folder of a published data set")
    .addOption(kbOption())
    .addOption(new Option("--format <form>", "what the files are").choices(FORMATS).default("auto"))
    .option("--name <name>", "what links call it (default: the folder's name)")
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
  mmel kb import people.jsonl places.csv.gz --kb ./catalogue
  mmel kb import Wikidata-MEL --format wikimel --kb ./wikimel

A CSV file has a column for each field: id, label, aliases, description, images, popularity, url, and
properties.NAME for each property; | stands between several values.`,
    )
    .action((files: string[], options: ImportOptions) => importFiles(context, files, options));

  kb.command("info")
    .description("name, version and size of a knowledge base")
    .addOption(kbOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel kb info --kb ./people")
    .action((options: { kb: string; json?: boolean }) => info(context, options));

  kb.command("search")
    .description("entities whose names resemble NAME")
    .argument("<name>")
    .addOption(kbOption())
    .option("--limit <n>", "how many", integer(1), 10)
    .addOption(jsonOption())
    .addHelpText("after", '\nExample:\n  mmel kb search "M. Dietrich" --kb ./people --limit 5')
    .action((name: string, options: { kb: string; limit: number; json?: boolean }) =>
      search(context, name, options),
    );

  kb.command("recall")
    .description("how much of the exact candidate lists the index keeps, over the mentions of captions")
    .argument("<file>", "captions")
    .addOption(kbOption())
    .option("--limit <n>", "candidates a mention", integer(1), 100)
    .option("--sample <n>", "how many mentions at most", integer(1), 1000)
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel kb recall captions.jsonl --kb ./people")
    .action((file: string, options: RecallOptions) => recall(context, file, options));

  kb.command("export")
    .description("all entities as JSON Lines or CSV")
    .addOption(kbOption())
    .addOption(
      new Option("--format <form>", "what is written (default: jsonl, or by the output's name)").choices([
        "jsonl",
        "csv",
      ]),
    )
    .option("--limit <n>", "how many at most", integer(1))
    .option("--output <file>", "write there instead of to standard output")
    .addHelpText(
      "after",
      `
Examples:
  mmel kb export --kb ./people | head -3
  mmel kb export --kb ./people --output people.csv.gz`,
    )
    .action((options: ExportOptions) => exportAll(context, options));
}

async function importFiles(
  context: Context,
  files: readonly string[],
  options: ImportOptions,
): Promise<void> {
  const { importKb } = await import("../../linker/index.js");
  await refuseOverwriting(files, { "--rejects": options.rejects });
  await using input = await openInput(context, options);
  const only = files.length === 1 ? await countLines(context, files[0]!) : undefined;
  using progress = createProgress(context, "entities", only);
  const started = performance.now();
  const records = input.accept(readAll(context, files, options.format), files.join(", "));
  const { entities, onDuplicate } = withoutDuplicates(records, input, files.join(", "));
  const manifest = await importKb(options.kb, entities, {
    ...(options.name !== undefined && { name: options.name }),
    signal: context.signal,
    onProgress: progress.update,
    onDuplicate,
  });
  progress[Symbol.dispose]();
  const seconds = (performance.now() - started) / 1000;
  const report = { ...manifest, rejected: input.rejected(), seconds: Math.round(seconds * 100) / 100 };
  await print(
    context,
    options.json
      ? `${JSON.stringify(report)}\n`
      : `${manifest.entities} entities with ${manifest.names} names in ${options.kb} (${manifest.name}@${manifest.version}), ${report.seconds} s\n`,
  );
}

/** Rejects what the importer calls a duplicate when it has just been given it. */
function withoutDuplicates(records: AsyncIterable<Accepted<Entity>>, input: Input, file: string) {
  const again: Rejected[] = [];
  let line = 0;
  const onDuplicate = (id: string): void => {
    const where = `${file}, line ${line}`;
    const what = `entity id "${id}" comes again, and the first one stays`;
    const error = new MmelError("DUPLICATE_ID", { what, where, expected: "each id once" });
    again.push({ kind: "rejected", line, id, error, excerpt: "" });
  };
  async function* entities(): AsyncGenerator<Entity> {
    for await (const record of records) {
      line = record.line;
      yield record.value;
      for (const rejected of again.splice(0)) await input.reject(rejected);
    }
  }
  return { entities: entities(), onDuplicate };
}

async function* readAll(
  context: Context,
  files: readonly string[],
  format: Format,
): AsyncGenerator<Read<Entity>> {
  for (const file of files) {
    if (format === "wikimel" || format === "richpedia") {
      const { DATASETS } = await import("../../datasets/index.js");
      let line = 0;
      for await (const value of DATASETS[format].entities(file))
        yield { kind: "record", line: ++line, value };
    } else {
      yield* readEntities(file, {
        ...(format !== "auto" && { format }),
        signal: context.signal,
        onWarning: (warning) => note(context, warning),
      });
    }
  }
}

async function info(context: Context, { kb, json }: { kb: string; json?: boolean }): Promise<void> {
  const { openStore } = await import("../../kb/index.js");
  await using store = await openStore(kb);
  const { name, version, entities, names, schema } = store.manifest;
  await print(
    context,
    json
      ? `${JSON.stringify(store.manifest)}\n`
      : `${name}@${version}\n${entities} entities, ${names} names, layout ${schema}\n`,
  );
}

async function search(
  context: Context,
  name: string,
  { kb, limit, json }: { kb: string; limit: number; json?: boolean },
): Promise<void> {
  const { openStore } = await import("../../kb/index.js");
  const { aboutEntity } = await import("../../formats/html/index.js");
  await using store = await openStore(kb);
  const hits = await store.searchNames(name, { limit });
  if (json) await print(context, `${JSON.stringify({ hits })}\n`);
  else if (hits.length === 0) await print(context, "nothing has a name like this\n");
  else {
    const rows = hits.map(({ entity, name: found, score }) => [
      entity.id,
      entity.label,
      found,
      score.toFixed(2),
      aboutEntity(entity),
    ]);
    await print(context, table(["id", "label", "name found", "score", "who or what"], rows));
  }
}

interface RecallOptions {
  readonly kb: string;
  readonly limit: number;
  readonly sample: number;
  readonly json?: boolean;
}

async function recall(context: Context, file: string, options: RecallOptions): Promise<void> {
  const { indexRecall } = await import("../../linker/index.js");
  const names = await firstMentions(file, options.sample, context.signal);
  const result = { limit: options.limit, ...(await indexRecall(options.kb, names, options.limit)) };
  await print(
    context,
    options.json
      ? `${JSON.stringify(result)}\n`
      : `the index keeps ${(100 * result.recall).toFixed(2)} % of the first ${options.limit} candidates of ${result.names} mentions; ${(100 * result.equalLists).toFixed(1)} % of the lists are the same\n`,
  );
}

async function firstMentions(file: string, most: number, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for await (const read of readCaptions(file, { signal })) {
    if (read.kind === "record") names.push(...read.value.mentions.map(({ text }) => text));
    if (names.length >= most) break;
  }
  return names.slice(0, most);
}

interface ExportOptions {
  readonly kb: string;
  readonly format?: "jsonl" | "csv";
  readonly limit?: number;
  readonly output?: string;
}

async function exportAll(context: Context, options: ExportOptions): Promise<void> {
  const { kb, limit, output } = options;
  const format = options.format ?? (output === undefined ? "jsonl" : formatOf(output));
  const { openStore } = await import("../../kb/index.js");
  await using store = await openStore(kb);
  const entities = (): AsyncIterable<Entity> => first(store.all({ signal: context.signal }), limit);
  const lines =
    format === "csv"
      ? entityLines(entities(), { format, properties: await propertyNames(entities()) })
      : entityLines(entities());
  if (output === undefined) await writeLines(context.stdout, lines);
  else await writeAtomically(output, lines);
}

async function* first<T>(values: AsyncIterable<T>, limit = Number.POSITIVE_INFINITY): AsyncGenerator<T> {
  let left = limit;
  for await (const value of values) {
    yield value;
    if (--left <= 0) return;
  }
}

const MAX_COLUMNS = 10_000;

async function propertyNames(entities: AsyncIterable<Entity>): Promise<string[]> {
  const names = new Set<string>();
  for await (const { properties } of entities) {
    for (const name of Object.keys(properties)) names.add(name);
    if (names.size > MAX_COLUMNS) {
      throw new MmelError("CONFIG", {
        what: `more than ${MAX_COLUMNS} different properties do not make a table`,
        hint: "--format jsonl",
      });
    }
  }
  return [...names].sort();
}

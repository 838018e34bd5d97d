import { type Command, Option } from "commander";
import { type Entity, MmelError } from "../../../core/index.js";
import type { EntityMapping } from "../../../formats/index.js";
import { writeAtomically } from "../../../formats/output.js";
import { formatOf } from "../../../formats/record.js";
import { type Context, printLines } from "../../context.js";
import { integer, jsonOption, kbOption } from "../../options.js";
import { counting, createOutputProgress, createProgress } from "../../progress.js";
import { baseOption, type CatalogueOptions, mappingOption } from "./import-options.js";

const FORMATS = ["jsonl", "csv", "skos", "ntriples"] as const;
type Format = (typeof FORMATS)[number];

interface ExportOptions extends CatalogueOptions {
  readonly kb: string;
  readonly format?: Format;
  readonly limit?: number;
  readonly json?: boolean;
  readonly output?: string;
}

export function installExport(kb: Command, context: Context): void {
  kb.command("export")
    .description("Write all entities as JSON Lines, CSV or RDF")
    .addOption(kbOption())
    .addOption(
      new Option(
        "--format <format>",
        "output format (default: from the name of the output file, otherwise jsonl)",
      ).choices(FORMATS),
    )
    .addOption(mappingOption("for CSV: a JSON file that maps columns to fields (see docs/catalogues.md)"))
    .addOption(baseOption())
    .option("--limit <n>", "maximum number of entities", integer(1))
    .addOption(jsonOption())
    .option("--output <file>", "file to write (default: standard output)")
    .addHelpText(
      "after",
      `
Examples:
  mmel kb export --kb ./people | head -3
  mmel kb export --kb ./people --output people.csv.gz
  mmel kb export --kb ./people --format skos --base http://example.org/people/ --output people.ttl
  mmel kb export --kb ./people --mapping collection.json --output collection.csv`,
    )
    .action((options: ExportOptions) => exportAll(context, options));
}

async function exportAll(context: Context, options: ExportOptions): Promise<void> {
  const { kb, limit, output } = options;
  const format = options.format ?? (options.mapping === undefined ? formatByName(output) : "csv");
  assertApplicable(format, options);
  const { openStore } = await import("../../../kb/index.js");
  await using store = await openStore(kb, { signal: context.signal });
  const total = passesOf(format, options) * Math.min(store.manifest.entities, limit ?? Infinity);
  const create = output === undefined ? createOutputProgress : createProgress;
  using progress = create(context, "entities", total);
  const count = counting(progress);
  const entities = (): AsyncIterable<Entity> => count(first(store.all({ signal: context.signal }), limit));
  const lines = await linesOf(entities, format, options);
  if (output === undefined) await printLines(context, lines);
  else await writeAtomically(output, lines);
}

/** Returns how many times the entities are read. CSV needs an additional pass to collect the property columns. */
const passesOf = (format: Format, { mapping }: ExportOptions): number =>
  format === "csv" && mapping === undefined ? 2 : 1;

function formatByName(output: string | undefined): Format {
  if (output === undefined) return "jsonl";
  if (/\.(ttl|turtle)(\.gz)?$/i.test(output)) return "skos";
  return /\.nt(\.gz)?$/i.test(output) ? "ntriples" : formatOf(output);
}

function assertApplicable(format: Format, { mapping, base, json }: ExportOptions): void {
  const rdf = format === "skos" || format === "ntriples";
  const inapplicable =
    mapping !== undefined && format !== "csv"
      ? "--mapping"
      : base !== undefined && !rdf
        ? "--base"
        : json && format !== "jsonl"
          ? "--json"
          : undefined;
  if (inapplicable === undefined) return;
  throw new MmelError("USAGE", {
    what: `${inapplicable} does not apply to the format ${format}`,
    where: "mmel kb export",
  });
}

async function linesOf(
  entities: () => AsyncIterable<Entity>,
  format: Format,
  { mapping, base, json }: ExportOptions,
): Promise<AsyncIterable<string>> {
  const { entityLines } = await import("../../../formats/index.js");
  if (format === "jsonl") return json ? oneObject(entityLines(entities())) : entityLines(entities());
  if (format === "csv") {
    const columns =
      mapping === undefined
        ? { properties: await propertyNames(entities()) }
        : { mapping: await readColumns(mapping) };
    return entityLines(entities(), { format, ...columns });
  }
  const { rdfLines } = await import("../../../kb/rdf/index.js");
  return rdfLines(entities(), { format, ...(base !== undefined && { base }) });
}

/** Reads a mapping. Throws `CONFIG` if it has no columns, and the errors of `readMapping`. */
async function readColumns(file: string): Promise<EntityMapping> {
  const { hasColumns, readMapping } = await import("../../../formats/index.js");
  const mapping = await readMapping(file);
  if (hasColumns(mapping)) return mapping;
  throw new MmelError("CONFIG", {
    what: "the mapping has no columns",
    where: file,
    expected: "at least one column in `columns`",
  });
}

/** Yields the JSON object `{"entities":[…]}` with one entity per line. */
async function* oneObject(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let before = '{"entities":[\n';
  for await (const line of lines) {
    yield before + line.trimEnd();
    before = ",\n";
  }
  yield before === ",\n" ? "\n]}\n" : `${before}]}\n`;
}

async function* first<T>(values: AsyncIterable<T>, limit = Number.POSITIVE_INFINITY): AsyncGenerator<T> {
  let remaining = limit;
  for await (const value of values) {
    yield value;
    if (--remaining <= 0) return;
  }
}

const MAX_COLUMNS = 10_000;

async function propertyNames(entities: AsyncIterable<Entity>): Promise<string[]> {
  const names = new Set<string>();
  for await (const { properties } of entities) {
    for (const name of Object.keys(properties)) names.add(name);
    if (names.size > MAX_COLUMNS) {
      throw new MmelError("CONFIG", {
        what: `the entities have more than ${MAX_COLUMNS} different properties, too many for CSV columns`,
        hint: "Use `--format jsonl`.",
      });
    }
  }
  return [...names].sort();
}

import { type Command, Option } from "commander";
import { type Entity, MmelError } from "../../../core/index.js";
import { entityLines, formatOf, writeAtomically, writeLines } from "../../../formats/index.js";
import type { Context } from "../../context.js";
import { integer, kbOption } from "../../options.js";

interface ExportOptions {
  readonly kb: string;
  readonly format?: "jsonl" | "csv";
  readonly limit?: number;
  readonly output?: string;
}

export function installExport(kb: Command, context: Context): void {
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

async function exportAll(context: Context, options: ExportOptions): Promise<void> {
  const { kb, limit, output } = options;
  const format = options.format ?? (output === undefined ? "jsonl" : formatOf(output));
  const { openStore } = await import("../../../kb/index.js");
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

import type { Command } from "commander";
import type { Entity } from "../../../core/index.js";
import type { EntityChange, EntityStore } from "../../../kb/index.js";
import { type Context, print, printLines } from "../../context.js";
import { EXIT } from "../../exit.js";
import { integer, jsonOption } from "../../options.js";
import { counting, createOutputProgress } from "../../progress.js";
import { plain } from "../../table.js";

interface DiffOptions {
  readonly limit: number;
  readonly json?: boolean;
  readonly exitCode?: boolean;
}

export function installDiff(kb: Command, context: Context): void {
  kb.command("diff")
    .description("Compare two knowledge bases, entity by entity and field by field")
    .argument("<a>", "the earlier knowledge base: a folder or postgres://…")
    .argument("<b>", "the later knowledge base")
    .option(
      "--limit <n>",
      "maximum number of differences to print; the totals count all differences",
      integer(0),
      100,
    )
    .option("--exit-code", "exit with code 1 if the knowledge bases differ, like the `diff` command")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
--json prints { a, b, changes: [{ id, kind, fields, before, after }], added, removed, changed, unchanged, shown }, with
one change per line. Each change is printed as soon as it is found.

Examples:
  mmel kb diff ./catalogue-october ./catalogue
  mmel kb diff ./catalogue-october ./catalogue --json --limit 1000000 > changes.json`,
    )
    .action((a: string, b: string, options: DiffOptions) => diff(context, a, b, options));
}

async function diff(context: Context, a: string, b: string, options: DiffOptions): Promise<void> {
  const { openStore } = await import("../../../kb/index.js");
  await using before = await openStore(a, { signal: context.signal });
  await using after = await openStore(b, { signal: context.signal });
  const counts = { added: 0, removed: 0, changed: 0 };
  const changes = differences(context, before, after, options.limit, counts);
  await printLines(context, options.json ? jsonLines(changes) : textLines(changes));
  const { added, removed, changed } = counts;
  const different = added + removed + changed;
  const unchanged = before.manifest.entities - removed - changed;
  const shown = Math.min(options.limit, different);
  const [from, to] = [nameOf(before), nameOf(after)];
  const more = different > shown ? `… and ${different - shown} more\n` : "";
  await print(
    context,
    options.json
      ? `${JSON.stringify({ a: from, b: to, ...counts, unchanged, shown }).slice(1)}\n`
      : `${more}${added} added, ${removed} removed, ${changed} changed, ${unchanged} unchanged: ${from} → ${to}\n`,
  );
  if (options.exitCode && different > 0) context.setExitCode(EXIT.failed);
}

async function* differences(
  context: Context,
  before: EntityStore,
  after: EntityStore,
  limit: number,
  counts: Record<EntityChange["kind"], number>,
): AsyncGenerator<EntityChange> {
  const { diffEntities } = await import("../../../kb/index.js");
  if (before.manifest.version === after.manifest.version) return;
  const total = before.manifest.entities + after.manifest.entities;
  using progress = createOutputProgress(context, "entities", total);
  const all = counting(progress);
  const { signal } = context;
  let remaining = limit;
  for await (const change of diffEntities(all(before.all({ signal })), all(after.all({ signal })))) {
    counts[change.kind]++;
    if (remaining-- > 0) yield change;
  }
}

const nameOf = ({ manifest: { name, version } }: EntityStore): string => `${name}@${version}`;

/**
 * Yields the beginning of the JSON object, with the member `changes`. The caller adds the counts and closes the object.
 */
async function* jsonLines(changes: AsyncIterable<EntityChange>): AsyncGenerator<string> {
  const { entityToWire } = await import("../../../formats/index.js");
  let separator = "";
  yield '{"changes":[';
  for await (const change of changes) {
    yield `${separator}\n${JSON.stringify(wireOf(change, entityToWire))}`;
    separator = ",";
  }
  yield "\n],";
}

function wireOf(change: EntityChange, toWire: (entity: Entity) => unknown) {
  const { id } = change.kind === "removed" ? change.before : change.after;
  return {
    id,
    kind: change.kind,
    ...(change.kind === "changed" && { fields: change.fields }),
    ...(change.kind !== "added" && { before: toWire(change.before) }),
    ...(change.kind !== "removed" && { after: toWire(change.after) }),
  };
}

async function* textLines(changes: AsyncIterable<EntityChange>): AsyncGenerator<string> {
  for await (const change of changes) yield textOf(change);
}

function textOf(change: EntityChange): string {
  if (change.kind === "added") return `+ ${named(change.after)}\n`;
  if (change.kind === "removed") return `- ${named(change.before)}\n`;
  const fields = change.fields.map(
    (field) =>
      `    ${plain(field)}: ${fieldText(change.before, field)} → ${fieldText(change.after, field)}\n`,
  );
  return `~ ${named(change.after)}\n${fields.join("")}`;
}

const named = ({ id, label }: Entity): string => plain(`${id}  ${label}`);

const MAX_LENGTH = 80;
const PROPERTY = "properties.";

/** Formats the value of a field as one line of text. */
function fieldText(entity: Entity, field: string): string {
  const { properties, ...rest } = entity;
  const value = field.startsWith(PROPERTY)
    ? properties[field.slice(PROPERTY.length)]
    : rest[field as keyof typeof rest];
  const text = Array.isArray(value) ? value.join(" | ") : String(value ?? "");
  const cut = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return cut === "" ? "–" : plain(cut);
}

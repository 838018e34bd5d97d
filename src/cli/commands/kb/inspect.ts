import type { Command } from "commander";
import { type Caption, counted, percent } from "../../../core/index.js";
import type { Relations } from "../../../relations/index.js";
import { type CaptionFlags, openCaptions, withCaptionOptions } from "../../captions.js";
import { type Context, print } from "../../context.js";
import { integer, jsonOption, kbOption } from "../../options.js";
import { createProgress } from "../../progress.js";
import { table } from "../../table.js";

export function installInfo(kb: Command, context: Context): void {
  kb.command("info")
    .description("Show the name, version, size and relations of a knowledge base")
    .addOption(kbOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel kb info --kb ./people")
    .action((options: { kb: string; json?: boolean }) => info(context, options));
}

async function info(context: Context, { kb, json }: { kb: string; json?: boolean }): Promise<void> {
  const { openStore } = await import("../../../kb/index.js");
  const { openStoreRelations } = await import("../../../linker/relations.js");
  await using store = await openStore(kb, { signal: context.signal });
  const properties = (await openStoreRelations(store))?.properties;
  const { name, version, entities, names, schema } = store.manifest;
  await print(
    context,
    json
      ? `${JSON.stringify({ ...store.manifest, relations: properties === undefined ? null : { properties } })}\n`
      : `${name}@${version}\n${counted(entities, "entity", "entities")}, ${counted(names, "name")}, storage format ${schema}\n${aboutRelations(properties)}`,
  );
}

/** Maximum number of properties to list. */
const LISTED = 12;

/**
 * Describes the relations of a knowledge base: a sentence, and a table of the properties whose values name other
 * entities.
 */
function aboutRelations(properties: Relations["properties"] | undefined): string {
  if (properties === undefined)
    return "No relations, because an older version of mmel imported this knowledge base. Import it again to add them.\n";
  const naming = properties.filter(({ named }) => named > 0).sort((a, b) => b.named - a.named);
  if (naming.length === 0) return "No property value names another entity.\n";
  const total = naming.reduce((sum, { named }) => sum + named, 0);
  const rows = naming.slice(0, LISTED).map(({ name, values, named }) => [name, `${values}`, `${named}`]);
  const more =
    naming.length > LISTED
      ? `and ${counted(naming.length - LISTED, "more property", "more properties")}\n`
      : "";
  return `${counted(total, "property value names", "property values name")} another entity\n\n${table(["property", "values", "that name an entity"], rows)}${more}`;
}

export function installSearch(kb: Command, context: Context): void {
  kb.command("search")
    .description("Find entities with a name similar to NAME")
    .argument("<name>", "name to search for")
    .addOption(kbOption())
    .option("--limit <n>", "maximum number of entities", integer(1), 10)
    .addOption(jsonOption())
    .addHelpText("after", '\nExample:\n  mmel kb search "M. Dietrich" --kb ./people --limit 5')
    .action((name: string, options: { kb: string; limit: number; json?: boolean }) =>
      search(context, name, options),
    );
}

async function search(
  context: Context,
  name: string,
  { kb, limit, json }: { kb: string; limit: number; json?: boolean },
): Promise<void> {
  const { entitySummary } = await import("../../../formats/index.js");
  const { openStore } = await import("../../../kb/index.js");
  await using store = await openStore(kb, { signal: context.signal });
  const hits = await store.searchNames(name, { limit });
  if (json) await print(context, `${JSON.stringify({ hits })}\n`);
  else if (hits.length === 0) await print(context, "No entity has a similar name.\n");
  else {
    const rows = hits.map(({ entity, name: found, score }) => [
      entity.id,
      entity.label,
      found,
      score.toFixed(2),
      entitySummary(entity),
    ]);
    await print(context, table(["id", "label", "matching name", "score", "description"], rows));
  }
}

interface RecallOptions extends CaptionFlags {
  readonly kb: string;
  readonly limit: number;
  readonly sample: number;
  readonly json?: boolean;
}

export function installRecall(kb: Command, context: Context): void {
  withCaptionOptions(kb.command("recall"))
    .description(
      "Measure the recall of the candidate index: the share of an exact search's best candidates that the index also finds",
    )
    .argument("[file]", 'captions with the mentions to search for; "-" or omitted: standard input')
    .addOption(kbOption())
    .option("--limit <n>", "number of candidates per mention", integer(1), 100)
    .option("--sample <n>", "maximum number of mentions", integer(1), 1000)
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel kb recall captions.jsonl --kb ./people")
    .action((file: string | undefined, options: RecallOptions) => recall(context, file, options));
}

async function recall(context: Context, file: string | undefined, options: RecallOptions): Promise<void> {
  const { indexRecall } = await import("../../../linker/index.js");
  await using input = await openCaptions(context, file, options);
  const names = await firstMentions(input.captions, options.sample);
  using progress = createProgress(context, "mentions", names.length);
  const measured = await indexRecall(options.kb, names, options.limit, {
    signal: context.signal,
    onProgress: progress.update,
  });
  progress[Symbol.dispose]();
  const result = { limit: options.limit, ...measured };
  await print(
    context,
    options.json
      ? `${JSON.stringify(result)}\n`
      : `The index finds ${percent(result.recall, 2)} of the top ${options.limit} candidates of ${counted(result.names, "mention")}; ${percent(result.equalLists)} of the candidate lists are identical.\n`,
  );
}

async function firstMentions(captions: AsyncIterable<Caption>, limit: number): Promise<string[]> {
  const names: string[] = [];
  for await (const { mentions } of captions) {
    names.push(...mentions.map(({ text }) => text));
    if (names.length >= limit) break;
  }
  return names.slice(0, limit);
}

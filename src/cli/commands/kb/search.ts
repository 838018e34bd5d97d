import type { Command } from "commander";
import { type Context, print } from "../../context.js";
import { integer, jsonOption, kbOption } from "../../options.js";
import { table } from "../../table.js";

export function installSearch(kb: Command, context: Context): void {
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
}

async function search(
  context: Context,
  name: string,
  { kb, limit, json }: { kb: string; limit: number; json?: boolean },
): Promise<void> {
  const { openStore } = await import("../../../kb/index.js");
  const { aboutEntity } = await import("../../../formats/html/index.js");
  await using store = await openStore(kb, { signal: context.signal });
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

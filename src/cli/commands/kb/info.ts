import type { Command } from "commander";
import { type Context, print } from "../../context.js";
import { jsonOption, kbOption } from "../../options.js";

export function installInfo(kb: Command, context: Context): void {
  kb.command("info")
    .description("name, version and size of a knowledge base")
    .addOption(kbOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel kb info --kb ./people")
    .action((options: { kb: string; json?: boolean }) => info(context, options));
}

async function info(context: Context, { kb, json }: { kb: string; json?: boolean }): Promise<void> {
  const { openStore } = await import("../../../kb/index.js");
  await using store = await openStore(kb, { signal: context.signal });
  const { name, version, entities, names, schema } = store.manifest;
  await print(
    context,
    json
      ? `${JSON.stringify(store.manifest)}\n`
      : `${name}@${version}\n${entities} entities, ${names} names, layout ${schema}\n`,
  );
}

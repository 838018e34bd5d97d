import type { Command } from "commander";
import { type Context, print } from "../../context.js";
import { jsonOption, kbOption } from "../../options.js";

interface PrepareCommandOptions {
  readonly kb: string;
  readonly reader?: string;
  readonly distribute?: boolean;
  readonly json?: boolean;
}

export function installPrepare(kb: Command, context: Context): void {
  kb.command("prepare")
    .description("make or update the tables of a PostgreSQL server; `import` does so too")
    .addOption(kbOption())
    .option("--reader <role>", "a role that may link: USAGE of the schema and SELECT on its tables")
    .option("--distribute", "distribute the tables over the workers of a Citus cluster")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExample:\n  mmel kb prepare --kb postgres://owner@db.example.org/catalogue --reader linker",
    )
    .action((options: PrepareCommandOptions) => prepare(context, options));
}

async function prepare(
  context: Context,
  { kb, reader, distribute, json }: PrepareCommandOptions,
): Promise<void> {
  const { prepareStore, showTarget } = await import("../../../kb/index.js");
  const { statements } = await prepareStore(kb, {
    signal: context.signal,
    ...(reader !== undefined && { reader }),
    ...(distribute !== undefined && { distribute }),
  });
  await print(
    context,
    json
      ? `${JSON.stringify({ statements })}\n`
      : [`the tables are ready at ${showTarget(kb)}`, ...statements, ""].join("\n"),
  );
}

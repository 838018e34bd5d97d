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
    .description("Create or update the tables on a PostgreSQL server (`mmel kb import` does this too)")
    .addOption(kbOption())
    .option(
      "--reader <role>",
      "grant this role USAGE on the schema and SELECT on its tables, which is enough for linking",
    )
    .option("--distribute", "distribute the tables across the workers of a Citus cluster")
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
  const done =
    statements.length === 0
      ? ""
      : ` These statements were run to distribute the tables or to grant privileges:\n${statements.join("\n")}`;
  await print(
    context,
    json ? `${JSON.stringify({ statements })}\n` : `The tables at ${showTarget(kb)} are ready.${done}\n`,
  );
}

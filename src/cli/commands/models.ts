import type { Command } from "commander";
import { type Context, print } from "../context.js";
import { jsonOption } from "../options.js";
import { table } from "../table.js";

export function installModels(program: Command, context: Context): void {
  const models = program.command("models").description("the models that a linker can use");

  models
    .command("list")
    .description("the models that came with this installation")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel models list")
    .action((options: { json?: boolean }) => list(context, options));

  models
    .command("show")
    .description("what a model is: a bundled one by name, or a checkpoint folder")
    .argument("<name|dir>")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExamples:\n  mmel models show lexical\n  mmel models show ./my-checkpoint --json",
    )
    .action((name: string, options: { json?: boolean }) => show(context, name, options));
}

async function list(context: Context, { json }: { json?: boolean }): Promise<void> {
  const { bundledModels } = await import("../../models/registry.js");
  const models = await bundledModels();
  if (json) return print(context, `${JSON.stringify({ models })}\n`);
  const rows = models.map(({ name, isDefault, description }) => [
    name,
    isDefault ? "default" : "",
    description,
  ]);
  await print(context, table(["name", "", "what it is"], rows, 90));
}

async function show(context: Context, name: string, { json }: { json?: boolean }): Promise<void> {
  const { describeModel } = await import("../../models/registry.js");
  const description = await describeModel(name);
  if (json) return print(context, `${JSON.stringify(description)}\n`);
  const { facts, card } = description;
  const width = Math.max(...Object.keys(facts).map((key) => key.length));
  const lines = Object.entries(facts).map(([key, value]) => `${key.padEnd(width)}  ${String(value)}`);
  await print(context, `${lines.join("\n")}\n${card === undefined ? "" : `\n${card.trim()}\n`}`);
}

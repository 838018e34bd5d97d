import { stat } from "node:fs/promises";
import type { Command } from "commander";
import { type Context, print } from "../../context.js";
import { jsonOption, kbOption } from "../../options.js";
import { createProgress } from "../../progress.js";

interface PackOptions {
  readonly kb: string;
  readonly output: string;
  readonly json?: boolean;
}

export function installPack(kb: Command, context: Context): void {
  kb.command("pack")
    .description("write a knowledge base into one file to hand on, with a checksum")
    .addOption(kbOption())
    .requiredOption("--output <file>", "the new file, such as people.kb.tar.gz")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  mmel kb pack --kb ./people --output people.kb.tar.gz
  mmel kb unpack people.kb.tar.gz --kb ./people-here`,
    )
    .action((options: PackOptions) => pack(context, options));
}

async function pack(context: Context, { kb, output, json }: PackOptions): Promise<void> {
  const { openStore } = await import("../../../kb/index.js");
  const { packKb } = await import("../../../kb/pack/index.js");
  await using store = await openStore(kb, { signal: context.signal });
  using progress = createProgress(context, "entities", store.manifest.entities);
  const packed = await packKb(store, output, { signal: context.signal, onProgress: progress.update });
  progress[Symbol.dispose]();
  const { size } = await stat(output);
  const { name, version, entities, sha256 } = packed;
  await print(
    context,
    json
      ? `${JSON.stringify({ name, version, entities, sha256, file: output, size })}\n`
      : `${entities} entities of ${name}@${version} in ${output}, ${(size / 1e6).toFixed(1)} MB\n`,
  );
}

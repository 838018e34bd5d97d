import type { Command } from "commander";
import { type Context, print } from "../../context.js";
import { jsonOption, kbOption } from "../../options.js";
import { createProgress } from "../../progress.js";

interface UnpackOptions {
  readonly kb: string;
  readonly name?: string;
  readonly json?: boolean;
}

export function installUnpack(kb: Command, context: Context): void {
  kb.command("unpack")
    .description("make a knowledge base of a file that `mmel kb pack` wrote, after all of it is checked")
    .argument("<file>")
    .addOption(kbOption())
    .option("--name <name>", "what links call it (default: as it was packed)")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel kb unpack people.kb.tar.gz --kb ./people")
    .action((file: string, options: UnpackOptions) => unpack(context, file, options));
}

async function unpack(context: Context, file: string, { kb, name, json }: UnpackOptions): Promise<void> {
  const { showTarget } = await import("../../../kb/index.js");
  const { unpackKb } = await import("../../../linker/index.js");
  using progress = createProgress(context, "entities");
  const manifest = await unpackKb(file, kb, {
    ...(name !== undefined && { name }),
    signal: context.signal,
    onProgress: progress.update,
  });
  progress[Symbol.dispose]();
  await print(
    context,
    json
      ? `${JSON.stringify(manifest)}\n`
      : `${manifest.entities} entities with ${manifest.names} names in ${showTarget(kb)} (${manifest.name}@${manifest.version})\n`,
  );
}

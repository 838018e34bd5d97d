import { stat } from "node:fs/promises";
import type { Command } from "commander";
import { counted } from "../../../core/index.js";
import { type Context, print } from "../../context.js";
import { jsonOption, kbOption, replaceOption } from "../../options.js";
import { createProgress } from "../../progress.js";

interface PackOptions {
  readonly kb: string;
  readonly output: string;
  readonly json?: boolean;
}

export function installPack(kb: Command, context: Context): void {
  kb.command("pack")
    .description("Write a knowledge base to a single file with a checksum, to share it")
    .addOption(kbOption())
    .requiredOption("--output <file>", "file to write, such as people.kb.tar.gz")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
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
      : `Packed ${counted(entities, "entity", "entities")} of ${name}@${version} into ${output} (${(size / 1e6).toFixed(1)} MB).\n`,
  );
}

interface UnpackOptions {
  readonly kb: string;
  readonly replace?: boolean;
  readonly name?: string;
  readonly json?: boolean;
}

export function installUnpack(kb: Command, context: Context): void {
  kb.command("unpack")
    .description("Verify a file that `mmel kb pack` wrote, and create a knowledge base from it")
    .argument("<file>", "the packed knowledge base")
    .addOption(kbOption())
    .addOption(replaceOption())
    .option("--name <name>", "knowledge base name shown in links (default: the name in the file)")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel kb unpack people.kb.tar.gz --kb ./people")
    .action((file: string, options: UnpackOptions) => unpack(context, file, options));
}

async function unpack(context: Context, file: string, options: UnpackOptions): Promise<void> {
  const { kb, name, json, replace = false } = options;
  const { showTarget } = await import("../../../kb/index.js");
  const { unpackKb } = await import("../../../linker/index.js");
  using progress = createProgress(context, "entities");
  const manifest = await unpackKb(file, kb, {
    ...(name !== undefined && { name }),
    replace,
    signal: context.signal,
    onProgress: progress.update,
  });
  progress[Symbol.dispose]();
  await print(
    context,
    json
      ? `${JSON.stringify(manifest)}\n`
      : `Unpacked ${counted(manifest.entities, "entity", "entities")} with ${counted(manifest.names, "name")} into ${showTarget(kb)} (${manifest.name}@${manifest.version}).\n`,
  );
}

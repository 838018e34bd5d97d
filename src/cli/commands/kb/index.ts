import type { Command } from "commander";
import type { Context } from "../../context.js";
import { installDiff } from "./diff.js";
import { installExport } from "./export.js";
import { installFetchImages } from "./fetch-images.js";
import { installImport } from "./import.js";
import { installInfo } from "./info.js";
import { installPack } from "./pack.js";
import { installPrepare } from "./prepare.js";
import { installRecall } from "./recall.js";
import { installSearch } from "./search.js";
import { installUnpack } from "./unpack.js";

export function installKb(program: Command, context: Context): void {
  const kb = program.command("kb").description("make, look into and export a knowledge base");
  for (const install of [
    installImport,
    installPrepare,
    installInfo,
    installSearch,
    installRecall,
    installExport,
    installDiff,
    installPack,
    installUnpack,
    installFetchImages,
  ]) {
    install(kb, context);
  }
}

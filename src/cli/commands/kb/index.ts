import type { Command } from "commander";
import type { Context } from "../../context.js";
import { installDiff } from "./diff.js";
import { installExport } from "./export.js";
import { installFetchImages } from "./fetch-images.js";
import { installImport } from "./import.js";
import { installInfo, installRecall, installSearch } from "./inspect.js";
import { installPack, installUnpack } from "./pack.js";
import { installPrepare } from "./prepare.js";
import { installVerify } from "./verify.js";

export function installKb(program: Command, context: Context): void {
  const kb = program.command("kb").description("Import, search, compare, verify and export knowledge bases");
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
    installVerify,
    installFetchImages,
  ]) {
    install(kb, context);
  }
}

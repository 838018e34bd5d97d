import type { Command } from "commander";
import type { Context } from "../../context.js";
import { installNewsmel } from "./build-newsmel.js";
import { installCaptions } from "./captions.js";
import { installConvert } from "./convert.js";
import { installSidecar } from "./sidecar.js";

export function installDataset(program: Command, context: Context): void {
  const dataset = program
    .command("dataset")
    .description("Convert public data sets, read and write picture metadata, and build data sets");
  for (const install of [installConvert, installCaptions, installSidecar]) install(dataset, context);
  const build = dataset.command("build").description("Build a data set");
  installNewsmel(build, context);
}

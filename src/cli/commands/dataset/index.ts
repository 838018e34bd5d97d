import type { Command } from "commander";
import type { Context } from "../../context.js";
import { installNewsmel } from "./build-newsmel.js";
import { installCaptions } from "./captions.js";
import { installConvert } from "./convert.js";
import { installSidecar } from "./sidecar.js";

export function installDataset(program: Command, context: Context): void {
  const dataset = program
    .command("dataset")
    .description("read the public data sets and pictures' own captions, and make data sets");
  for (const install of [installConvert, installCaptions, installSidecar]) install(dataset, context);
  const build = dataset.command("build").description("make a data set");
  installNewsmel(build, context);
}

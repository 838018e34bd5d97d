import type { Command } from "commander";
import type { Context } from "../../context.js";
import { installNewsmel } from "./build-newsmel.js";
import { installCaptions } from "./captions.js";
import { installConvert } from "./convert.js";
import { installSidecar } from "./sidecar.js";
import { installStats } from "./stats.js";

export function installDataset(program: Command, context: Context): void {
  const dataset = program
    .command("dataset")
    .description("Convert, count and build data sets, and read and write picture metadata");
  for (const install of [installConvert, installCaptions, installSidecar, installStats])
    install(dataset, context);
  const build = dataset.command("build").description("Build a data set");
  installNewsmel(build, context);
}

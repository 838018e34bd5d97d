import type { Command } from "commander";
import type { Context } from "../../context.js";
import { installCancel, installDelete, installRetry } from "./manage.js";
import { installResults } from "./results.js";
import { installStatus } from "./status.js";
import { installSubmit } from "./submit.js";

export function installJobs(program: Command, context: Context): void {
  const jobs = program.command("jobs").description("Link captions in parallel on several machines");
  for (const install of [
    installSubmit,
    installStatus,
    installResults,
    installCancel,
    installRetry,
    installDelete,
  ]) {
    install(jobs, context);
  }
}

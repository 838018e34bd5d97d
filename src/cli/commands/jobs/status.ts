import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { JobsStatus } from "../../../jobs/index.js";
import { withRetries } from "../../../postgres/index.js";
import { type Context, print } from "../../context.js";
import { integer, jsonOption } from "../../options.js";
import { openJobs, patienceOf, type QueueChoice, queueOption } from "./queue.js";
import { statusTables } from "./status-tables.js";

interface StatusChoice extends QueueChoice {
  readonly watch?: boolean;
  readonly every: number;
  readonly json?: boolean;
}

export function installStatus(jobs: Command, context: Context): void {
  jobs
    .command("status")
    .description("how far the submissions are, and who works on them")
    .argument("[submission]", "only this one: its id or the beginning of it, or the file's name")
    .addOption(queueOption())
    .option("--watch", "again and again, until all is done")
    .option("--every <seconds>", "with --watch", integer(1), 2)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
  mmel jobs status --queue postgres://linker@db/jobs
  mmel jobs status --watch --queue postgres://linker@db/jobs && mmel jobs results …`,
    )
    .action((submission: string | undefined, options: StatusChoice) =>
      showStatus(context, submission, options),
    );
}

async function showStatus(context: Context, asked: string | undefined, options: StatusChoice): Promise<void> {
  const { findSubmission, status } = await import("../../../jobs/index.js");
  await using queue = await openJobs(context, options);
  const only = asked === undefined ? undefined : await findSubmission(queue.database, asked);
  const now = (): Promise<JobsStatus> => withRetries(() => status(queue.database, only), patienceOf(context));
  for (;;) {
    const current = await now();
    await print(context, options.json ? `${JSON.stringify(current)}\n` : onScreen(context, options, current));
    if (!options.watch || current.submissions.every(isOver)) return;
    await sleep(1000 * options.every, undefined, { signal: context.signal }).catch(() => {});
  }
}

const isOver = ({ state }: JobsStatus["submissions"][number]): boolean =>
  state === "done" || state === "cancelled";

/** The tables; on a terminal that is watched, in the place of the ones before. */
function onScreen({ stdout }: Context, { watch }: StatusChoice, status: JobsStatus): string {
  const home = watch && stdout.isTTY ? "\u001b[H\u001b[2J" : "";
  return `${home}${statusTables(status)}`;
}

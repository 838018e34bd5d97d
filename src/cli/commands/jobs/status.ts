import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { percent } from "../../../core/index.js";
import type { JobsStatus } from "../../../jobs/index.js";
import { type Context, clearScreen, print } from "../../context.js";
import { integer, jsonOption } from "../../options.js";
import { table } from "../../table.js";
import { openJobs, patienceOf, type QueueOptions, queueOption } from "./queue.js";

interface StatusOptions extends QueueOptions {
  readonly watch?: boolean;
  readonly every: number;
  readonly json?: boolean;
}

export function installStatus(jobs: Command, context: Context): void {
  jobs
    .command("status")
    .description("Show the submissions, their progress and the workers")
    .argument(
      "[submission]",
      "show only this submission: its id, the beginning of its id, its file name, or its label",
    )
    .addOption(queueOption())
    .option("--watch", "refresh until everything is done")
    .option("--every <seconds>", "with --watch: time between refreshes", integer(1), 2)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Examples:
  mmel jobs status --queue postgres://linker@db/jobs
  mmel jobs status --watch --queue postgres://linker@db/jobs && mmel jobs results …`,
    )
    .action((submission: string | undefined, options: StatusOptions) =>
      showStatus(context, submission, options),
    );
}

async function showStatus(
  context: Context,
  asked: string | undefined,
  options: StatusOptions,
): Promise<void> {
  const { findSubmission, status } = await import("../../../jobs/index.js");
  const { withRetries } = await import("../../../postgres/index.js");
  await using queue = await openJobs(context, options);
  const only = asked === undefined ? undefined : await findSubmission(queue.database, asked);
  const currentStatus = (): Promise<JobsStatus> =>
    withRetries(() => status(queue.database, only), patienceOf(context));
  for (;;) {
    const current = await currentStatus();
    if (options.watch && !options.json) clearScreen(context);
    await print(context, options.json ? `${JSON.stringify(current)}\n` : statusTables(current));
    if (!options.watch || current.submissions.every(isFinished)) return;
    await sleep(1000 * options.every, undefined, { signal: context.signal }).catch(() => {});
  }
}

const isFinished = ({ state }: JobsStatus["submissions"][number]): boolean =>
  state === "done" || state === "cancelled";

type Submission = JobsStatus["submissions"][number];
type Worker = JobsStatus["workers"][number];

/** Formats the status as tables for a terminal. */
export function statusTables({ submissions, workers }: JobsStatus): string {
  if (submissions.length === 0) return "There are no submissions.\n";
  const headers = [
    "submission",
    "file",
    "state",
    "captions",
    "done",
    "",
    "jobs",
    "without links",
    "captions/s",
    "time left",
  ];
  const errors = submissions.flatMap(({ id, errors }) => errors.map((error) => `${id}: ${error}\n`));
  return [
    table(headers, submissions.map(submissionRow)),
    workers.length === 0
      ? "No worker is running. Start one with `mmel worker --queue postgres://… --kb TARGET`.\n"
      : table(
          ["worker", "state", "submission", "captions", "captions/s", "problem"],
          workers.map(workerRow),
          60,
        ),
    errors.length === 0 ? "" : `Errors in jobs that will be retried:\n${errors.join("")}`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function submissionRow(submission: Submission): string[] {
  const { id, name, label, state, captions, done, rejected, aside, unread, perSecond, secondsLeft } =
    submission;
  const withoutLinks = rejected + aside + unread;
  return [
    id,
    label === null ? name : `${name} (${label})`,
    state === "loading" ? "incomplete: submit again" : state,
    String(captions),
    String(done),
    captions === 0 ? "" : percent(done / captions),
    jobsOf(submission),
    withoutLinks === 0 ? "" : String(withoutLinks),
    rate(perSecond),
    state === "running" && secondsLeft !== null ? duration(secondsLeft) : "",
  ];
}

function jobsOf({ jobs, state }: Submission): string {
  if (state === "done" || state === "cancelled") return "";
  return `${jobs.active} running, ${jobs.waiting} waiting`;
}

function workerRow({ name, state, seen, submission, captions, perSecond, remark }: Worker): string[] {
  return [
    name,
    state === "silent" ? `not seen for ${duration(seen)}` : state,
    submission ?? "",
    String(captions),
    rate(perSecond),
    remark ?? "",
  ];
}

const rate = (perSecond: number): string => (perSecond > 0 ? perSecond.toFixed(perSecond < 10 ? 1 : 0) : "");

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

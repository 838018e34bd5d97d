import type { JobsStatus } from "../../../jobs/index.js";
import { percent } from "../../percent.js";
import { table } from "../../table.js";

type Submission = JobsStatus["submissions"][number];
type Worker = JobsStatus["workers"][number];

/** The status for a terminal. */
export function statusTables({ submissions, workers }: JobsStatus): string {
  if (submissions.length === 0) return "nothing is submitted\n";
  const headers = [
    "submission",
    "file",
    "state",
    "captions",
    "done",
    "",
    "jobs",
    "no links",
    "a second",
    "left",
  ];
  const errors = submissions.flatMap(({ id, errors }) => errors.map((error) => `${id}: ${error}\n`));
  return [
    table(headers, submissions.map(submissionRow)),
    workers.length === 0
      ? "no worker is running: mmel worker --queue postgres://… --kb TARGET\n"
      : table(
          ["worker", "state", "submission", "captions", "a second", "trouble"],
          workers.map(workerRow),
          60,
        ),
    errors.length === 0 ? "" : `failed, and to be tried again:\n${errors.join("")}`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function submissionRow(of: Submission): string[] {
  const without = of.rejected + of.aside + of.unread;
  return [
    of.id,
    of.label === null ? of.name : `${of.name} (${of.label})`,
    of.state === "loading" ? "cut off: submit again" : of.state,
    String(of.captions),
    String(of.done),
    of.captions === 0 ? "" : percent(of.done / of.captions),
    jobsOf(of),
    without === 0 ? "" : String(without),
    of.perSecond > 0 ? of.perSecond.toFixed(of.perSecond < 10 ? 1 : 0) : "",
    of.state === "running" && of.secondsLeft !== null ? duration(of.secondsLeft) : "",
  ];
}

function jobsOf({ jobs, state }: Submission): string {
  if (state === "done" || state === "cancelled") return "";
  return `${jobs.active} running, ${jobs.waiting} waiting`;
}

function workerRow(of: Worker): string[] {
  return [
    of.name,
    of.state === "silent" ? `silent for ${duration(of.seen)}` : of.state,
    of.submission ?? "",
    String(of.captions),
    of.perSecond > 0 ? of.perSecond.toFixed(of.perSecond < 10 ? 1 : 0) : "",
    of.remark ?? "",
  ];
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

import { Option } from "commander";
import { MmelError } from "../../../core/index.js";
import type { JobQueue } from "../../../jobs/index.js";
import type { Patience } from "../../../postgres/index.js";
import { type Context, note } from "../../context.js";

export interface QueueOptions {
  readonly queue: string;
}

/** Help text for an optional submission argument. */
export const SUBMISSION =
  "id of the submission, the beginning of its id, its file name, or its label; optional if there is only one submission";

export const queueOption = (): Option =>
  new Option("--queue <postgres://…>", "PostgreSQL database of the job queue")
    .env("MMEL_QUEUE")
    .makeOptionMandatory();

/** Maximum time to wait for a server that has become unreachable, in milliseconds. */
const PATIENCE_MS = 30_000;

export function patienceOf(context: Context, patienceMs = PATIENCE_MS): Patience {
  return {
    patienceMs,
    signal: context.signal,
    onAway: ({ detail }) => note(context, `${detail.what}; retrying`),
    onBack: () => note(context, "reconnected to the server"),
  };
}

/** Opens the job queue for a command. Only the commands `submit` and `worker` create its tables. */
export async function openJobs(
  context: Context,
  { queue }: QueueOptions,
  options: { create?: boolean; maintain?: boolean; patienceMs?: number } = {},
): Promise<JobQueue> {
  if (context.signal.aborted) throw new MmelError("ABORTED", { what: "interrupted" });
  const { openQueue } = await import("../../../jobs/index.js");
  const { DEFAULT_PATIENCE_MS } = await import("../../../postgres/index.js");
  const { patienceMs, ...rest } = options;
  return openQueue(queue, { ...rest, patience: patienceOf(context, patienceMs ?? DEFAULT_PATIENCE_MS) });
}

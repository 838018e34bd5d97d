import { Option } from "commander";
import { MmelError } from "../../../core/index.js";
import type { JobQueue } from "../../../jobs/index.js";
import { DEFAULT_PATIENCE_MS, type Patience } from "../../../postgres/index.js";
import { type Context, note } from "../../context.js";

export interface QueueChoice {
  readonly queue: string;
}

export const queueOption = (): Option =>
  new Option("--queue <postgres://…>", "the PostgreSQL database of the jobs")
    .env("MMEL_QUEUE")
    .makeOptionMandatory();

/** How long a command waits for a server that it has reached before, in milliseconds. */
const PATIENCE_MS = 30_000;

export function patienceOf(context: Context, patienceMs = PATIENCE_MS): Patience {
  return {
    patienceMs,
    signal: context.signal,
    onAway: ({ detail }) => note(context, `${detail.what}; retrying`),
    onBack: () => note(context, "the server is back"),
  };
}

/** Opens the queue for one command; only `submit` and `worker` make its tables. */
export async function openJobs(
  context: Context,
  { queue }: QueueChoice,
  options: { create?: boolean; maintain?: boolean; patienceMs?: number } = {},
): Promise<JobQueue> {
  if (context.signal.aborted) throw new MmelError("ABORTED", { what: "interrupted" });
  const { openQueue } = await import("../../../jobs/index.js");
  const { patienceMs, ...rest } = options;
  return openQueue(queue, { ...rest, patience: patienceOf(context, patienceMs ?? DEFAULT_PATIENCE_MS) });
}

import { MmelError } from "../../core/index.js";
import { linkLines, rejectLine } from "../../formats/index.js";
import { afterAbort, isTransient, type Patience, withRetries } from "../../postgres/index.js";
import type { JobQueue } from "../queue/index.js";
import { type Placed, readChunk } from "../submit/chunks.js";
import type { Claim } from "./claims.js";
import { commitOutcomes, giveBack, type Outcome, splitJob } from "./commit.js";
import type { WorkerIdentity } from "./heartbeat.js";
import type { LinkersInUse, WorkLinker } from "./linker-in-use.js";
import { causeOf, failureText, nextStep, parseFailure } from "./retry-policy.js";

interface RunnerOptions {
  readonly signal: AbortSignal;
  readonly graceMs: number;
  readonly patience: Patience;
  readonly onCaption: () => void;
  /** Called with the number of outcomes that have just been committed. */
  readonly onCommitted: (captions: number) => void;
  readonly onProblem: (problem: string) => void;
}

/** Runs jobs, one after another. */
export interface JobRunner {
  /**
   * Takes the next step of a claimed job (see `nextStep`): links its captions and commits their outcomes, splits the
   * job, or sets its only caption aside. If linking fails, the job or its remaining captions return to the queue. If
   * `run` throws, it has first tried to give the job back.
   */
  run(claim: Claim): Promise<void>;
  /** Returns the id of the current job, or undefined if no job is running. */
  job(): string | undefined;
  /** Stops the work on a job that no longer belongs to the worker. */
  drop(job: string): void;
}

/**
 * Number of consecutive errors of the environment after which the worker stops, even if each error seemed to be
 * temporary.
 */
const MAX_PROBLEMS = 5;

export function createJobRunner(
  queue: JobQueue,
  worker: WorkerIdentity,
  linkers: LinkersInUse,
  options: RunnerOptions,
): JobRunner {
  const { patience, onProblem } = options;
  let problems = 0;
  let current: { job: string; stop: AbortController } | undefined;

  const commit = async (claim: Claim, outcomes: readonly Outcome[]): Promise<void> => {
    const stored = await withRetries(() => commitOutcomes(queue, claim, worker, outcomes), patience);
    if (stored) options.onCommitted(outcomes.length);
    else
      onProblem(
        `the job at caption ${claim.first + 1} of submission ${claim.submission} no longer belongs to this worker`,
      );
  };
  const link = async (claim: Claim, signal: AbortSignal): Promise<void> => {
    const open = await withRetries(() => linkers.get(claim.settings), { ...patience, signal });
    const outcomes: Outcome[] = [];
    try {
      const { onCaption } = options;
      await linkCaptions(open, claim, captionsOf(claim), { outcomes, signal, onCaption });
      problems = 0;
    } catch (error) {
      return await handleFailure(claim, error, outcomes);
    }
    await commit(claim, outcomes);
  };
  const setAside = async (claim: Claim): Promise<void> => {
    const [caption] = captionsOf(claim);
    const error = parseFailure(claim.failure);
    onProblem(`${claim.name}, line ${caption!.line}: set aside, ${error.message}`);
    await commit(claim, [outcomeWithoutLinks("aside", claim.first, caption!, claim.name, error)]);
  };
  /**
   * Handles an error that occurred while a job's captions were being linked. `outcomes` belong to the captions that
   * were finished before the error. Commits these outcomes if the error cannot be due to a caption. Otherwise, or if
   * there are no outcomes, gives the complete job back.
   */
  const handleFailure = async (claim: Claim, error: unknown, outcomes: readonly Outcome[]): Promise<void> => {
    const cause = causeOf(error);
    if (cause !== "captions" && outcomes.length > 0) await commit(claim, outcomes);
    else {
      const failure = cause === "captions" ? failureText(error) : undefined;
      await withRetries(() => giveBack(queue, claim, worker, failure), patience);
    }
    if (cause === "stop") return;
    await linkers.discard(claim.settings);
    onProblem(`${claim.name}, captions ${claim.first + 1} to ${claim.first + claim.size}: ${String(error)}`);
    if (cause === "environment" && (!isTransient(error) || ++problems >= MAX_PROBLEMS)) throw error;
  };
  return {
    job: () => current?.job,
    drop: (job) => {
      if (job === current?.job) current.stop.abort();
    },
    async run(claim) {
      const stop = new AbortController();
      current = { job: claim.job, stop };
      const abort = (): void => stop.abort(new MmelError("ABORTED", { what: "interrupted" }));
      const unwatch = afterAbort(options.signal, options.graceMs, abort);
      try {
        const step = nextStep(claim);
        if (step.kind === "split")
          await withRetries(() => splitJob(queue, claim, worker, step.size), patience);
        else if (step.kind === "set-aside") await setAside(claim);
        else await link(claim, stop.signal);
      } catch (error) {
        await giveBack(queue, claim, worker).catch(() => {}); // otherwise another worker takes the job over
        if (causeOf(error) !== "stop") throw error;
      } finally {
        unwatch();
        current = undefined;
      }
    },
  };
}

const captionsOf = ({ captions, first, chunk, size }: Claim): Placed[] =>
  readChunk(captions, first - chunk, size);

interface LinkOptions {
  readonly outcomes: Outcome[];
  readonly signal: AbortSignal;
  /** Called after each linked caption. */
  readonly onCaption: () => void;
}

/**
 * Links captions and appends their outcomes to `outcomes`, in order. If `linkAll` throws, this function throws the same
 * error, and the outcomes that were appended before the error are valid.
 */
async function linkCaptions(
  linker: Pick<WorkLinker, "linkAll">,
  { first, name, offsets }: Claim,
  captions: readonly Placed[],
  { outcomes, signal, onCaption }: LinkOptions,
): Promise<void> {
  const placed = captions.map(({ line, caption }) => ({ ...caption, line }));
  for await (const { caption, links, error } of linker.linkAll(placed, { signal })) {
    const place = first + outcomes.length;
    const { line } = caption;
    if (error !== undefined) {
      outcomes.push(outcomeWithoutLinks("rejected", place, { line, caption }, name, error));
      continue;
    }
    const lines = linkLines([links], { offsets: { unit: offsets, textOf: () => caption.text } });
    const { value = "" } = await lines.next();
    outcomes.push({ place, kind: "linked", line, record: String(value).trimEnd() });
    onCaption();
  }
}

/**
 * Returns the outcome of a caption without links. Its error names the file and the line, as in the rejects file of
 * `mmel link`.
 */
function outcomeWithoutLinks(
  kind: "rejected" | "aside",
  place: number,
  { line, caption }: Placed,
  file: string,
  { code, detail }: MmelError,
): Outcome {
  const error = new MmelError(code, { ...detail, where: `${file}, line ${line}` });
  const record = rejectLine({ kind: "rejected", line, id: caption.id, error, excerpt: "" }).trimEnd();
  return { place, kind, line, record };
}

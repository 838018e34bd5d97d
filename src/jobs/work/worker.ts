import { setTimeout as sleep } from "node:timers/promises";
import { counted } from "../../core/index.js";
import { type Patience, withRetries } from "../../postgres/index.js";
import type { JobQueue } from "../queue/index.js";
import { createClaims, isBegunWith, isWorkLeft } from "./claims.js";
import { createRate, newWorker, report, signOff, startHeartbeat } from "./heartbeat.js";
import { createJobRunner } from "./link-job.js";
import { linkersInUse, type WorkLinker } from "./linker-in-use.js";

export interface WorkOptions {
  readonly openLinker: () => Promise<WorkLinker>;
  /**
   * All settings that affect the links, except the model and the knowledge base; for example, the number of candidates.
   */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** Id of the only submission to link. Default: all submissions. */
  readonly submission?: string | undefined;
  /** Whether to stop when no work is left, instead of waiting for new work. */
  readonly untilEmpty?: boolean;
  /**
   * Stops the worker. The worker finishes its current job if that takes less than `graceMs`; otherwise it gives the
   * remaining captions back.
   */
  readonly signal: AbortSignal;
  readonly graceMs: number;
  /** Number of milliseconds during which calls to an unavailable server are retried. */
  readonly patienceMs: number;
  /** Number of milliseconds without a report after which another worker counts as dead. */
  readonly silentMs: number;
  /** Number of milliseconds between two checks for new work. Default: 1,000. */
  readonly pollMs?: number;
  /**
   * Called before each job: returns `NAME@VERSION` of the newest version of the knowledge base, or undefined to skip the
   * check. A worker links new submissions with the newest version.
   */
  readonly newestKb?: () => Promise<string | undefined>;
  readonly onNote: (note: string) => void;
  readonly onCaption?: (captions: number) => void;
}

/** The results that a worker has stored. */
export interface Worked {
  readonly captions: number;
  readonly jobs: number;
  /**
   * Whether the worker has reported its exit to the server. If it has not, other workers take over its job after
   * `silentMs`.
   */
  readonly signedOff: boolean;
}

/**
 * Links the jobs of submissions until the worker is stopped. Gives back jobs that it cannot finish. Throws
 * `QUEUE_UNAVAILABLE` if the server is unavailable for longer than `patienceMs`, and `ABORTED` if the signal fires
 * before the worker has registered. Also throws all errors of opening the linker, and errors of the environment (see
 * `causeOf`) that are not temporary or keep recurring.
 */
export async function work(queue: JobQueue, options: WorkOptions): Promise<Worked> {
  const { signal, silentMs, onNote, submission } = options;
  const first = await options.openLinker();
  await using linkers = linkersInUse(
    options.openLinker,
    (linker) => settingsOf(linker, options.settings),
    first,
  );
  const worker = newWorker(linkers.settings);
  const rate = createRate();
  const claims = createClaims(queue, worker, submission, onNote);
  const patience: Patience = {
    patienceMs: options.patienceMs,
    onAway: ({ detail }) => {
      claims.suspectLostAnswer();
      onNote(`${detail.what}; retrying`);
    },
    onBack: () => onNote("the server is available again"),
  };
  const worked = { captions: 0, jobs: 0, signedOff: true };
  let linked = 0;
  let remark: string | undefined;
  const runner = createJobRunner(queue, worker, linkers, {
    ...options,
    patience,
    onCaption: () => {
      rate.tick();
      linked += 1;
      options.onCaption?.(linked);
    },
    onCommitted: (captions) => {
      worked.captions += captions;
      worked.jobs += 1;
    },
    onProblem: (problem) => {
      remark = problem;
      onNote(problem);
    },
  });
  const pulse = () => ({ captions: linked, perSecond: rate.perSecond(), remark });
  await withRetries(() => report(queue.database, worker, pulse()), { ...patience, signal });
  await using _heartbeat = startHeartbeat(queue, worker, {
    silentMs,
    pulse,
    job: () => runner.job(),
    onLost: (job) => runner.drop(job),
    onTakenOver: (jobs) => onNote(`took over ${counted(jobs, "job")} of workers that stopped reporting`),
  });
  const isEmpty = async (): Promise<boolean> =>
    options.untilEmpty === true && !(await isWorkLeft(queue.database, worker, submission));

  let known = first.kb;
  let failed = "";
  /** Opens a new version of the knowledge base if there is one. If this fails, the worker keeps the versions it has. */
  const update = async (): Promise<void> => {
    try {
      const newest = await options.newestKb?.();
      if (newest === undefined) return;
      await linkers.removeUnneeded((settings) => isBegunWith(queue.database, settings));
      if (newest === known) return;
      await linkers.add();
      known = newest;
      failed = "";
      onNote(`links new submissions with ${newest}`);
    } catch (error) {
      if (String(error) !== failed)
        onNote(`the new version of the knowledge base cannot be opened: ${String(error)}`);
      failed = String(error);
    }
  };

  try {
    while (!signal.aborted) {
      await update();
      const claim = await withRetries(claims.next, { ...patience, signal }).catch(unlessStopped(signal));
      if (claim !== undefined) await runner.run(claim);
      else if (await withRetries(isEmpty, { ...patience, signal }).catch(unlessStopped(signal))) break;
      else await sleep(options.pollMs ?? 1000, undefined, { signal }).catch(() => {});
    }
  } finally {
    await signOff(queue.database, worker, pulse()).catch(() => {
      worked.signedOff = false;
    });
  }
  return worked;
}

const unlessStopped = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
  return undefined;
};

/**
 * Returns all settings that affect the links, as a single text. Workers may share a submission only if their texts are
 * equal.
 */
function settingsOf({ model, kb }: WorkLinker, others: WorkOptions["settings"]): string {
  const sorted = Object.entries(others).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify({ kb, model, ...Object.fromEntries(sorted) });
}

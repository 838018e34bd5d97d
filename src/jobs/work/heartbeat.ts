import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "../database.js";
import { type JobQueue, queueOf, within } from "../queue/index.js";
import { causeOf } from "./retry-policy.js";

/** A worker's identity, which other workers can read from the database. */
export interface WorkerIdentity {
  readonly id: string;
  /** Host and process id of the worker, shown to users. */
  readonly name: string;
  /**
   * All settings that affect the links: model, knowledge base and options. All links of a submission are created with
   * the same settings. A worker has several if it links submissions with several versions of the knowledge base; new
   * submissions are linked with the first.
   */
  readonly settings: () => readonly string[];
}

export function newWorker(settings: WorkerIdentity["settings"]): WorkerIdentity {
  return { id: randomUUID(), name: `${hostname()}:${process.pid}`, settings };
}

/** The progress of a worker. */
export interface Pulse {
  /** Number of captions that the worker has linked. */
  readonly captions: number;
  readonly perSecond: number;
  /** The latest problem of the worker; undefined if it has had none. */
  readonly remark: string | undefined;
}

interface HeartbeatOptions {
  /** Number of milliseconds without a report after which a worker counts as dead. */
  readonly silentMs: number;
  readonly pulse: () => Pulse;
  /** Returns the id of the job that the worker is linking, or undefined if there is none. */
  readonly job: () => string | undefined;
  /** Called when the current job no longer belongs to the worker, or when its outcomes can no longer be stored. */
  readonly onLost: (job: string) => void;
  readonly onTakenOver: (jobs: number) => void;
}

/**
 * Starts a loop that reports at intervals that the worker is alive, and takes over the jobs of dead workers. The loop
 * stops when the result is disposed.
 */
export function startHeartbeat(
  queue: JobQueue,
  worker: WorkerIdentity,
  options: HeartbeatOptions,
): AsyncDisposable {
  const { silentMs } = options;
  const stopped = new AbortController();
  // While the server is unavailable, no worker can report. When it is available again, all workers get time to report
  // before any of them counts as dead.
  let inTouchSince = performance.now();
  let last = inTouchSince;
  const tick = async (): Promise<void> => {
    await report(queue.database, worker, options.pulse());
    const now = performance.now();
    if (now - last > silentMs / 2) inTouchSince = now;
    last = now;
    const job = options.job();
    if (job !== undefined && !(await isOwn(queue, job, worker))) options.onLost(job);
    if (now - inTouchSince < silentMs) return;
    const taken = await takeOver(queue, silentMs);
    if (taken > 0) options.onTakenOver(taken);
  };
  /**
   * If the connections were closed after an abort, drops the job: its outcomes can no longer be stored. The main loop
   * reports all other errors.
   */
  const failed = (error: unknown): void => {
    const job = options.job();
    if (causeOf(error) === "stop" && job !== undefined) options.onLost(job);
  };
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await tick().catch(failed);
      await sleep(silentMs / 5, undefined, { signal: stopped.signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await running;
    },
  };
}

/** Reports that the worker is alive. All times are from the server's clock. */
export async function report(sql: Sql, worker: WorkerIdentity, pulse: Pulse): Promise<void> {
  const { captions, perSecond, remark } = pulse;
  await sql.query(
    `insert into mmel_jobs.worker (id, name, settings, captions, per_second, remark)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update set seen = now(), captions = excluded.captions,
       per_second = excluded.per_second, remark = excluded.remark`,
    [worker.id, worker.name, worker.settings()[0], captions, perSecond, remark?.replaceAll("\0", "") ?? null],
  );
}

/**
 * Reports that the worker has exited normally, and deletes the rows of workers that have not reported for 30 days and
 * own no active job.
 */
export async function signOff(sql: Sql, worker: WorkerIdentity, pulse: Pulse): Promise<void> {
  await report(sql, worker, pulse);
  await sql.query("update mmel_jobs.worker set ended = now(), per_second = 0 where id = $1", [worker.id]);
  await sql.query(
    `delete from mmel_jobs.worker w where seen < now() - interval '30 days'
       and not exists (select from mmel_jobs.piece p where p.worker = w.id and p.state = 'active')`,
  );
}

async function isOwn({ database }: JobQueue, job: string, worker: WorkerIdentity): Promise<boolean> {
  const { rows } = await database.query(
    "select from mmel_jobs.piece where id = $1 and worker = $2 and state <> 'cancelled'",
    [job, worker.id],
  );
  return rows.length > 0;
}

/**
 * Gives back the active jobs of workers that have exited or have been silent for `silentMs`, and adds one failed
 * attempt to each of these jobs. Returns the number of jobs that were given back. Several workers may call this
 * function at the same time.
 */
async function takeOver({ database, boss }: JobQueue, silentMs: number): Promise<number> {
  return await database.transaction(async (sql) => {
    const { rows } = await sql.query<{ id: string; submission: string; name: string | null }>(
      `select p.id, p.submission, w.name from mmel_jobs.piece p left join mmel_jobs.worker w on w.id = p.worker
       where p.state = 'active' and (w.id is null or w.ended is not null or w.seen < now() - $1 * interval '1 millisecond')
       for update of p skip locked`,
      [silentMs],
    );
    for (const { id, submission, name } of rows) {
      const error = `the ${name === null ? "previous worker" : `worker ${name}`} exited unexpectedly while it was linking this job`;
      await sql.query(
        `update mmel_jobs.piece set state = 'waiting', worker = null, failures = failures + 1, failure = $2
         where id = $1`,
        [id, JSON.stringify({ code: "INTERNAL", error })],
      );
      await within(sql, (options) => boss.fail(queueOf(submission), id, { message: error }, options));
    }
    return rows.length;
  });
}

/** Measures the number of captions linked per second, averaged over the last minute. */
export interface Rate {
  tick(): void;
  perSecond(): number;
}

const WINDOW_MS = 60_000;
const SLOTS = 60;

export function createRate(now: () => number = () => performance.now()): Rate {
  const started = now();
  const counts = new Array<number>(SLOTS).fill(0);
  let slot = 0;
  const move = (): void => {
    const current = Math.floor((now() - started) / (WINDOW_MS / SLOTS));
    for (; slot < current; slot++) counts[(slot + 1) % SLOTS] = 0;
  };
  return {
    tick() {
      move();
      counts[slot % SLOTS]! += 1;
    },
    perSecond() {
      move();
      const ms = Math.min(WINDOW_MS, Math.max(now() - started, 1000));
      return counts.reduce((sum, count) => sum + count, 0) / (ms / 1000);
    },
  };
}

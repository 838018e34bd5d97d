import type { Database, Sql } from "../database.js";
import { addJobs, affected, type JobQueue, queueOf, type Range, within } from "../queue/index.js";
import type { Claim } from "./claims.js";
import type { WorkerIdentity } from "./heartbeat.js";
import { splitRange } from "./retry-policy.js";

/** The result of a caption: its links, or the reason why it has no links. */
export interface Outcome {
  /** The caption's position in the submission, from 0. */
  readonly place: number;
  /**
   * `rejected`: the caption cannot be linked as it is. `aside`: linking failed repeatedly; `retry` tries the caption
   * again.
   */
  readonly kind: "linked" | "rejected" | "aside";
  readonly line: number;
  /** The caption's line in the links file or the rejects file. */
  readonly record: string;
}

/**
 * Thrown when a job no longer belongs to the worker. Either the job was cancelled, or another worker took it over
 * because this worker was silent for too long.
 */
class Lost extends Error {}

/**
 * Stores the outcomes of a job and marks the job as done, in one transaction. So even after a crash, a caption has an
 * outcome if and only if its job is done. If `outcomes` covers only the first captions, a new job is added for the
 * remaining captions. Returns false if the job no longer belonged to the worker.
 */
export async function commitOutcomes(
  queue: JobQueue,
  claim: Claim,
  worker: WorkerIdentity,
  outcomes: readonly Outcome[],
): Promise<boolean> {
  const count = (kind: Outcome["kind"]): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  const done = await unlessLost(queue.database, async (sql) => {
    await updateOwn(
      sql,
      `update mmel_jobs.piece set state = 'done', finished = now(), size = $3,
         linked = $4, rejected = $5, aside = $6
       where id = $1 and worker = $2 and state = 'active'`,
      [claim.job, worker.id, outcomes.length, count("linked"), count("rejected"), count("aside")],
    );
    await complete(queue, sql, claim);
    await sql.query(
      `insert into mmel_jobs.outcome (submission, place, kind, line, record)
       select $1, * from unnest($2::int[], $3::text[], $4::int[], $5::text[])`,
      [claim.submission, ...columns(outcomes)],
    );
    await addJobs(queue.boss, sql, claim.submission, restOf(claim, outcomes.length));
  });
  return done || (await isDone(queue.database, claim, worker)); // the response to an earlier commit may have been lost
}

/**
 * Gives a job back to the queue. With `failure`, this counts as a failed attempt. Returns false if the job no longer
 * belonged to the worker.
 */
export async function giveBack(
  queue: JobQueue,
  claim: Claim,
  worker: WorkerIdentity,
  failure?: string,
): Promise<boolean> {
  return await unlessLost(queue.database, async (sql) => {
    await updateOwn(
      sql,
      `update mmel_jobs.piece set state = 'waiting', worker = null,
         failures = failures + case when $3::text is null then 0 else 1 end, failure = coalesce($3, failure)
       where id = $1 and worker = $2 and state = 'active'`,
      [claim.job, worker.id, failure ?? null],
    );
    const reason = { message: failure ?? "given back" };
    await within(sql, (options) => queue.boss.fail(queueOf(claim.submission), claim.job, reason, options));
  });
}

/**
 * Replaces a job with smaller jobs of at most `size` captions. Returns false if the job no longer belonged to the
 * worker.
 */
export async function splitJob(
  queue: JobQueue,
  claim: Claim,
  worker: WorkerIdentity,
  size: number,
): Promise<boolean> {
  const { submission, chunk, first } = claim;
  return await unlessLost(queue.database, async (sql) => {
    await updateOwn(
      sql,
      `update mmel_jobs.piece set state = 'replaced', finished = now()
       where id = $1 and worker = $2 and state = 'active'`,
      [claim.job, worker.id],
    );
    await complete(queue, sql, claim);
    const parts = splitRange(first, claim.size, size).map((part) => ({ chunk, ...part }));
    await addJobs(queue.boss, sql, submission, parts);
  });
}

/**
 * Returns the captions after the first `done` captions of a job, as a list with one range; an empty list if none
 * remain.
 */
function restOf({ chunk, first, size }: Claim, done: number): Range[] {
  return done < size ? [{ chunk, first: first + done, size: size - done }] : [];
}

async function complete({ boss }: JobQueue, sql: Sql, { submission, job }: Claim): Promise<void> {
  const response = await within(sql, (options) => boss.complete(queueOf(submission), job, {}, options));
  if (affected(response) !== 1) throw new Lost();
}

/** Runs an update of a job that belongs to the worker. Throws `Lost` if the update changes nothing. */
async function updateOwn(sql: Sql, text: string, values: readonly unknown[]): Promise<void> {
  const { changed } = await sql.query(text, values);
  if (changed !== 1) throw new Lost();
}

async function unlessLost(database: Database, work: (sql: Sql) => Promise<void>): Promise<boolean> {
  try {
    await database.transaction(work);
    return true;
  } catch (error) {
    if (error instanceof Lost) return false;
    throw error;
  }
}

async function isDone({ query }: Database, { job }: Claim, { id }: WorkerIdentity): Promise<boolean> {
  const { rows } = await query(
    "select from mmel_jobs.piece where id = $1 and worker = $2 and state = 'done'",
    [job, id],
  );
  return rows.length > 0;
}

function columns(outcomes: readonly Outcome[]): unknown[][] {
  return [
    outcomes.map(({ place }) => place),
    outcomes.map(({ kind }) => kind),
    outcomes.map(({ line }) => line),
    outcomes.map(({ record }) => record),
  ];
}

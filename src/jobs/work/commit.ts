import type { Database, Sql } from "../database.js";
import { addPieces, affected, type JobQueue, queueOf, type Stretch, within } from "../queue/index.js";
import type { Claim } from "./claims.js";
import type { Outcome } from "./outcome.js";
import { stretchesOf } from "./retry-policy.js";
import type { WorkerIdentity } from "./worker-row.js";

/** The piece is not the worker's any more: cancelled, or taken over because the worker was silent for too long. */
class Lost extends Error {}

/**
 * Writes the outcomes of a piece and completes its job, in one transaction: whoever dies, and whenever, a caption's
 * outcome is there exactly when its job is done. When they are those of its first captions only, a new piece has the
 * others. False when the piece was not the worker's any more.
 */
export async function finish(
  queue: JobQueue,
  claim: Claim,
  worker: WorkerIdentity,
  outcomes: readonly Outcome[],
): Promise<boolean> {
  const count = (kind: Outcome["kind"]): number => outcomes.filter((one) => one.kind === kind).length;
  const done = await unlessLost(queue.database, async (sql) => {
    await mine(
      sql,
      `update mmel_jobs.piece set state = 'done', finished = now(), size = $3,
         linked = $4, rejected = $5, aside = $6
       where id = $1 and worker = $2 and state = 'active'`,
      [claim.piece, worker.id, outcomes.length, count("linked"), count("rejected"), count("aside")],
    );
    await complete(queue, sql, claim);
    await sql.query(
      `insert into mmel_jobs.outcome (submission, place, kind, line, record)
       select $1, * from unnest($2::int[], $3::text[], $4::int[], $5::text[])`,
      [claim.submission, ...columns(outcomes)],
    );
    await addPieces(queue.boss, sql, claim.submission, restOf(claim, outcomes.length));
  });
  return done || (await isDone(queue.database, claim, worker)); // the answer to a commit may have been lost
}

/** Gives a piece back for anybody to take. With `failure` it counts as one more try. */
export async function giveBack(
  queue: JobQueue,
  claim: Claim,
  worker: WorkerIdentity,
  failure?: string,
): Promise<boolean> {
  return await unlessLost(queue.database, async (sql) => {
    await mine(
      sql,
      `update mmel_jobs.piece set state = 'waiting', worker = null,
         failures = failures + case when $3::text is null then 0 else 1 end, failure = coalesce($3, failure)
       where id = $1 and worker = $2 and state = 'active'`,
      [claim.piece, worker.id, failure ?? null],
    );
    const reason = { message: failure ?? "given back" };
    await within(sql, (options) => queue.boss.fail(queueOf(claim.submission), claim.piece, reason, options));
  });
}

/** Puts smaller pieces, of `size` captions, in the place of one. */
export async function split(
  queue: JobQueue,
  claim: Claim,
  worker: WorkerIdentity,
  size: number,
): Promise<boolean> {
  const { submission, chunk, first } = claim;
  return await unlessLost(queue.database, async (sql) => {
    await mine(
      sql,
      `update mmel_jobs.piece set state = 'replaced', finished = now()
       where id = $1 and worker = $2 and state = 'active'`,
      [claim.piece, worker.id],
    );
    await complete(queue, sql, claim);
    const parts = stretchesOf(first, claim.size, size).map((part) => ({ chunk, ...part }));
    await addPieces(queue.boss, sql, submission, parts);
  });
}

/** What is left of a piece after so many of its captions. */
function restOf({ chunk, first, size }: Claim, done: number): Stretch[] {
  return done < size ? [{ chunk, first: first + done, size: size - done }] : [];
}

async function complete({ boss }: JobQueue, sql: Sql, { submission, piece }: Claim): Promise<void> {
  const response = await within(sql, (options) => boss.complete(queueOf(submission), piece, {}, options));
  if (affected(response) !== 1) throw new Lost();
}

async function mine(sql: Sql, text: string, values: readonly unknown[]): Promise<void> {
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

async function isDone({ query }: Database, { piece }: Claim, { id }: WorkerIdentity): Promise<boolean> {
  const { rows } = await query(
    "select from mmel_jobs.piece where id = $1 and worker = $2 and state = 'done'",
    [piece, id],
  );
  return rows.length > 0;
}

function columns(outcomes: readonly Outcome[]): unknown[][] {
  const { place, kind, line, record } = {
    place: outcomes.map((one) => one.place),
    kind: outcomes.map((one) => one.kind),
    line: outcomes.map((one) => one.line),
    record: outcomes.map((one) => one.record),
  };
  return [place, kind, line, record];
}

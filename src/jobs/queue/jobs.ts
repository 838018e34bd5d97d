import { randomUUID } from "node:crypto";
import type PgBoss from "pg-boss";
import type { Sql } from "../database.js";
import { queueOf, within } from "./pg-boss.js";

/** Consecutive captions in one chunk, which are linked by one job. */
export interface Range {
  /** Position of the chunk's first caption in the submission. */
  readonly chunk: number;
  readonly first: number;
  readonly size: number;
}

/** Adds waiting jobs. Each job consists of a row in our table and a pg-boss job with the same id. */
export async function addJobs(
  boss: PgBoss,
  sql: Sql,
  submission: string,
  ranges: readonly Range[],
): Promise<void> {
  if (ranges.length === 0) return;
  const ids = ranges.map(() => randomUUID());
  const column = (field: keyof Range): number[] => ranges.map((range) => range[field]);
  await sql.query(
    `insert into mmel_jobs.piece (id, submission, chunk, first, size)
     select id, $2, chunk, first, size
     from unnest($1::uuid[], $3::int[], $4::int[], $5::int[]) as new (id, chunk, first, size)`,
    [ids, submission, column("chunk"), column("first"), column("size")],
  );
  const jobs = ids.map((id) => ({ id, name: queueOf(submission), data: { piece: id } }));
  await within(sql, (options) => boss.insert(jobs, options));
}

/** Numbers of captions that will be processed again. */
export interface Renewed {
  /** Number of captions that had been set aside after repeated failures. */
  readonly aside: number;
  /** Number of captions that had been cancelled before they were linked. */
  readonly cancelled: number;
}

/**
 * Creates new waiting jobs for captions that were set aside or cancelled. The new jobs replace the old jobs of these
 * captions. Returns the number of captions of each kind.
 */
export async function renewJobs(boss: PgBoss, sql: Sql, submission: string): Promise<Renewed> {
  const { rows } = await sql.query<Range & { wasAside: boolean }>(
    `update mmel_jobs.piece p set state = 'replaced', aside = 0
     from (select id, aside = 1 as "wasAside" from mmel_jobs.piece where submission = $1
       and (state = 'cancelled' or state = 'done' and size = 1 and aside = 1) for update) again
     where p.id = again.id returning p.chunk, p.first, p.size, "wasAside"`,
    [submission],
  );
  await sql.query("delete from mmel_jobs.outcome where submission = $1 and kind = 'aside'", [submission]);
  await addJobs(boss, sql, submission, rows);
  const captions = (wereAside: boolean): number =>
    rows.filter(({ wasAside }) => wasAside === wereAside).reduce((sum, { size }) => sum + size, 0);
  return { aside: captions(true), cancelled: captions(false) };
}

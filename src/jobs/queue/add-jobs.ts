import { randomUUID } from "node:crypto";
import type PgBoss from "pg-boss";
import type { Sql } from "../database.js";
import { queueOf, within } from "./pg-boss.js";

/** Consecutive captions of one chunk. */
export interface Stretch {
  /** First place of the chunk that it belongs to. */
  readonly chunk: number;
  readonly first: number;
  readonly size: number;
}

/** New pieces that wait for a worker, each with its job of pg-boss, which has the same id. */
export async function addPieces(
  boss: PgBoss,
  sql: Sql,
  submission: string,
  stretches: readonly Stretch[],
): Promise<void> {
  if (stretches.length === 0) return;
  const ids = stretches.map(() => randomUUID());
  const column = (field: keyof Stretch): number[] => stretches.map((stretch) => stretch[field]);
  await sql.query(
    `insert into mmel_jobs.piece (id, submission, chunk, first, size)
     select id, $2, chunk, first, size
     from unnest($1::uuid[], $3::int[], $4::int[], $5::int[]) as new (id, chunk, first, size)`,
    [ids, submission, column("chunk"), column("first"), column("size")],
  );
  const jobs = ids.map((id) => ({ id, name: queueOf(submission), data: { piece: id } }));
  await within(sql, (options) => boss.insert(jobs, options));
}

/** What is to be linked again, in captions. */
export interface Renewed {
  /** Had failed again and again, and were set aside. */
  readonly aside: number;
  /** Were cancelled before anybody linked them. */
  readonly cancelled: number;
}

/** Puts new pieces that wait in the place of those that were set aside or cancelled. */
export async function renewPieces(boss: PgBoss, sql: Sql, submission: string): Promise<Renewed> {
  const { rows } = await sql.query<Stretch & { wasAside: boolean }>(
    `update mmel_jobs.piece p set state = 'replaced', aside = 0
     from (select id, aside = 1 as "wasAside" from mmel_jobs.piece where submission = $1
       and (state = 'cancelled' or state = 'done' and size = 1 and aside = 1) for update) again
     where p.id = again.id returning p.chunk, p.first, p.size, "wasAside"`,
    [submission],
  );
  await sql.query("delete from mmel_jobs.outcome where submission = $1 and kind = 'aside'", [submission]);
  await addPieces(boss, sql, submission, rows);
  const captions = (wereAside: boolean): number =>
    rows.filter(({ wasAside }) => wasAside === wereAside).reduce((sum, { size }) => sum + size, 0);
  return { aside: captions(true), cancelled: captions(false) };
}

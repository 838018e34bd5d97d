import { randomUUID } from "node:crypto";
import type PgBoss from "pg-boss";
import type { Sql } from "../database/index.js";
import { queueOf, within } from "./boss.js";

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

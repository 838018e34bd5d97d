import { type JobQueue, queueOf, within } from "../queue/index.js";
import { notWhole } from "./not-whole.js";

/**
 * Takes back what of a submission is not linked yet; what is linked stays. How many captions that concerns: none of one that
 * is done, which stays so. `USAGE` when it was never whole.
 */
export async function cancel({ database, boss }: JobQueue, submission: string): Promise<number> {
  return await database.transaction(async (sql) => {
    const { changed } = await sql.query(
      "select from mmel_jobs.submission where id = $1 and sealed is not null for no key update",
      [submission],
    );
    if (changed === 0) throw notWhole(submission);
    const { rows } = await sql.query<{ id: string; size: number }>(
      `update mmel_jobs.piece set state = 'cancelled', worker = null
       where submission = $1 and state in ('waiting', 'active') returning id, size`,
      [submission],
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await within(sql, (options) => boss.cancel(queueOf(submission), ids, options));
    await sql.query(
      `update mmel_jobs.submission set state = 'cancelled' where id = $1 and exists
         (select from mmel_jobs.piece where submission = $1 and state in ('waiting', 'active', 'cancelled'))`,
      [submission],
    );
    return rows.reduce((sum, { size }) => sum + size, 0);
  });
}

import { type JobQueue, queueOf, within } from "../queue/index.js";

/** Takes back what of a submission is not linked yet; what is linked stays. How many captions that concerns. */
export async function cancel({ database, boss }: JobQueue, submission: string): Promise<number> {
  return await database.transaction(async (sql) => {
    await sql.query("update mmel_jobs.submission set state = 'cancelled' where id = $1", [submission]);
    const { rows } = await sql.query<{ id: string; size: number }>(
      `update mmel_jobs.piece set state = 'cancelled', worker = null
       where submission = $1 and state in ('waiting', 'active') returning id, size`,
      [submission],
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await within(sql, (options) => boss.cancel(queueOf(submission), ids, options));
    return rows.reduce((sum, { size }) => sum + size, 0);
  });
}

import { type JobQueue, queueOf, within } from "../queue/index.js";

/**
 * Gives back the pieces of workers that have been silent for so long, each as one that failed; how many. Done by every
 * worker now and then, in any number at once.
 */
export async function takeOver({ database, boss }: JobQueue, silentMs: number): Promise<number> {
  return await database.transaction(async (sql) => {
    const { rows } = await sql.query<{ id: string; submission: string; name: string | null }>(
      `select p.id, p.submission, w.name from mmel_jobs.piece p left join mmel_jobs.worker w on w.id = p.worker
       where p.state = 'active' and (w.id is null or w.ended is not null or w.seen < now() - $1 * interval '1 millisecond')
       for update of p skip locked`,
      [silentMs],
    );
    for (const { id, submission, name } of rows) {
      const error = `the worker ${name ?? "of old"} ended without a word while it linked this`;
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

import { MmelError } from "../../core/index.js";
import { deleteQueue, type JobQueue, oneAtATime, queueOf, within } from "../queue/index.js";

/** Removes a submission with its captions, links and jobs. `USAGE` when somebody may still be linking it. */
export async function deleteSubmission({ database, boss }: JobQueue, submission: string): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query("select from mmel_jobs.submission where id = $1 for update", [submission]);
    const { rows } = await sql.query<{ id: string; unfinished: boolean }>(
      `select p.id, s.state = 'open' and s.sealed is not null and p.state in ('waiting', 'active') as unfinished
       from mmel_jobs.piece p join mmel_jobs.submission s on s.id = p.submission where s.id = $1`,
      [submission],
    );
    if (rows.some(({ unfinished }) => unfinished)) throw stillOpen(submission);
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await within(sql, (options) => boss.deleteJob(queueOf(submission), ids, options));
    await sql.query("delete from mmel_jobs.submission where id = $1", [submission]);
  });
  await oneAtATime(database, () => deleteQueue(boss, submission));
}

function stillOpen(submission: string): MmelError {
  return new MmelError("USAGE", {
    what: "this submission is not linked to the end",
    where: submission,
    hint: `mmel jobs cancel ${submission} first`,
  });
}

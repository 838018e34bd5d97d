import { type JobQueue, type Renewed, renewPieces } from "../queue/index.js";
import { notWhole } from "./not-whole.js";

/** Puts to work again what was set aside or cancelled of a submission. `USAGE` when it was never whole. */
export async function retry({ database, boss }: JobQueue, submission: string): Promise<Renewed> {
  return await database.transaction(async (sql) => {
    const { changed } = await sql.query(
      "update mmel_jobs.submission set state = 'open' where id = $1 and sealed is not null",
      [submission],
    );
    if (changed === 0) throw notWhole(submission);
    return await renewPieces(boss, sql, submission);
  });
}

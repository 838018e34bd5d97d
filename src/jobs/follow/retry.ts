import { MmelError } from "../../core/index.js";
import { addPieces, type JobQueue, type Stretch } from "../queue/index.js";

/** What was put to work again, in captions. */
export interface Retried {
  /** Had failed again and again, and were set aside. */
  readonly aside: number;
  /** Were cancelled before anybody linked them. */
  readonly cancelled: number;
}

/** Puts to work again what was set aside or cancelled of a submission. `USAGE` when it was never whole. */
export async function retry({ database, boss }: JobQueue, submission: string): Promise<Retried> {
  return await database.transaction(async (sql) => {
    const { changed } = await sql.query(
      "update mmel_jobs.submission set state = 'open' where id = $1 and state <> 'loading'",
      [submission],
    );
    if (changed === 0) throw notWhole(submission);
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
  });
}

function notWhole(submission: string): MmelError {
  return new MmelError("USAGE", {
    what: "this submission was cut off before it was whole",
    where: submission,
    hint: "mmel jobs submit with the same file, which goes on with it",
  });
}

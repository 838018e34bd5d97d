import { type Patience, withRetries } from "../../postgres/index.js";
import type { Sql } from "../database.js";

const AT_ONCE = 500;

interface Page {
  readonly at: number;
  readonly record: string;
}

/** The lines of a submission's links file so far, in the order of its captions, each with its line feed. */
export function linkedLines(sql: Sql, submission: string, patience: Patience): AsyncGenerator<string> {
  return pages((after) =>
    withRetries(
      () =>
        sql.query<Page>(
          `select place as at, record from mmel_jobs.outcome
           where submission = $1 and kind = 'linked' and place > $2 order by place limit ${AT_ONCE}`,
          [submission, after],
        ),
      patience,
    ),
  );
}

/** The lines of its rejects file: what was no caption, what cannot be linked, what was set aside; in the file's order. */
export function rejectedLines(sql: Sql, submission: string, patience: Patience): AsyncGenerator<string> {
  return pages((after) =>
    withRetries(
      () =>
        sql.query<Page>(
          `(select line as at, record from mmel_jobs.outcome
            where submission = $1 and kind <> 'linked' and line > $2 order by line limit ${AT_ONCE})
           union all
           (select line as at, record from mmel_jobs.unread
            where submission = $1 and line > $2 order by line limit ${AT_ONCE})
           order by at limit ${AT_ONCE}`,
          [submission, after],
        ),
      patience,
    ),
  );
}

async function* pages(read: (after: number) => Promise<{ rows: Page[] }>): AsyncGenerator<string> {
  for (let after = -1; ; ) {
    const { rows } = await read(after);
    for (const { record } of rows) yield `${record}\n`;
    const last = rows.at(-1);
    if (last === undefined || rows.length < AT_ONCE) return;
    after = last.at;
  }
}

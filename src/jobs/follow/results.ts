import { type Patience, withRetries } from "../../postgres/index.js";
import type { Sql } from "../database.js";

const PAGE_SIZE = 500;

interface Row {
  readonly at: number;
  readonly record: string;
}

/**
 * Yields all lines of a submission's links file that are available now, in the order of the captions. Each line ends
 * with a line feed.
 */
export function linkedLines(sql: Sql, submission: string, patience: Patience): AsyncGenerator<string> {
  return pages((after) =>
    withRetries(
      () =>
        sql.query<Row>(
          `select place as at, record from mmel_jobs.outcome
           where submission = $1 and kind = 'linked' and place > $2 order by place limit ${PAGE_SIZE}`,
          [submission, after],
        ),
      patience,
    ),
  );
}

/**
 * Yields all lines of a submission's rejects file that are available now: invalid lines, rejected captions, and
 * captions that were set aside. They are in the order of the lines in the submitted file. Each line ends with a line
 * feed.
 */
export function rejectedLines(sql: Sql, submission: string, patience: Patience): AsyncGenerator<string> {
  return pages((after) =>
    withRetries(
      () =>
        sql.query<Row>(
          `(select line as at, record from mmel_jobs.outcome
            where submission = $1 and kind <> 'linked' and line > $2 order by line limit ${PAGE_SIZE})
           union all
           (select line as at, record from mmel_jobs.unread
            where submission = $1 and line > $2 order by line limit ${PAGE_SIZE})
           order by at limit ${PAGE_SIZE}`,
          [submission, after],
        ),
      patience,
    ),
  );
}

async function* pages(read: (after: number) => Promise<{ rows: Row[] }>): AsyncGenerator<string> {
  for (let after = -1; ; ) {
    const { rows } = await read(after);
    for (const { record } of rows) yield `${record}\n`;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_SIZE) return;
    after = last.at;
  }
}

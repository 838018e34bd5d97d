import { MmelError } from "../../core/index.js";
import type { Database } from "../database.js";
import {
  deleteQueue,
  exclusively,
  type JobQueue,
  queueOf,
  type Renewed,
  renewJobs,
  within,
} from "../queue/index.js";

/**
 * Returns the id of a submission. `asked` is its id, the beginning of its id, the name of its file, or its label. If
 * `asked` is undefined, returns the id of the only submission. A complete id matches only its own submission. Throws
 * `USAGE` if no submission or more than one submission matches.
 */
export async function findSubmission({ query, shown }: Database, asked: string | undefined): Promise<string> {
  const { rows } = await query<{ id: string; name: string; label: string | null; made: string }>(
    `select id, name, label, to_char(created at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as made
     from mmel_jobs.submission
     where $1::text is null or starts_with(id, $1) or name = $1 or label = $1 order by created`,
    [asked ?? null],
  );
  const found = rows.length === 1 ? rows[0] : rows.find(({ id }) => id === asked);
  if (found !== undefined) return found.id;
  const matching = asked === undefined ? "" : ` "${asked}"`;
  if (rows.length === 0)
    throw new MmelError("USAGE", {
      what:
        asked === undefined ? "the job queue contains no submissions" : `no submission matches${matching}`,
      where: shown,
      hint: "Run `mmel jobs status` to list all submissions.",
    });
  const listed = rows.slice(-5).map(({ id, name, label, made }) => {
    const title = label === null ? name : `${name}, "${label}"`;
    return `${id} (${title}, ${made} UTC)`;
  });
  throw new MmelError("USAGE", {
    what: `there are ${rows.length} submissions${asked === undefined ? "" : ` that match${matching}`}`,
    where: shown,
    expected: `the id of one submission, such as ${listed.join(", ")}`,
  });
}

/**
 * Cancels all unfinished jobs of a submission. Links that have been stored are kept. Returns the number of cancelled
 * captions. The state of a finished submission does not change. Throws `USAGE` if the submission is incomplete or does
 * not exist.
 */
export async function cancel({ database, boss }: JobQueue, submission: string): Promise<number> {
  return await database.transaction(async (sql) => {
    const { changed } = await sql.query(
      "select from mmel_jobs.submission where id = $1 and sealed is not null for no key update",
      [submission],
    );
    if (changed === 0) throw incomplete(submission);
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

/**
 * Adds new jobs for all captions of a submission that were set aside or cancelled. Throws `USAGE` if the submission is
 * incomplete or does not exist.
 */
export async function retry({ database, boss }: JobQueue, submission: string): Promise<Renewed> {
  return await database.transaction(async (sql) => {
    const { changed } = await sql.query(
      "update mmel_jobs.submission set state = 'open' where id = $1 and sealed is not null",
      [submission],
    );
    if (changed === 0) throw incomplete(submission);
    return await renewJobs(boss, sql, submission);
  });
}

/**
 * Deletes a submission, including its captions, links and jobs. Throws `USAGE` if the submission is open and has
 * unfinished jobs.
 */
export async function deleteSubmission({ database, boss }: JobQueue, submission: string): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query("select from mmel_jobs.submission where id = $1 for update", [submission]);
    const { rows } = await sql.query<{ id: string; unfinished: boolean }>(
      `select p.id, s.state = 'open' and s.sealed is not null and p.state in ('waiting', 'active') as unfinished
       from mmel_jobs.piece p join mmel_jobs.submission s on s.id = p.submission where s.id = $1`,
      [submission],
    );
    if (rows.some(({ unfinished }) => unfinished)) throw unfinishedError(submission);
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await within(sql, (options) => boss.deleteJob(queueOf(submission), ids, options));
    await sql.query("delete from mmel_jobs.submission where id = $1", [submission]);
  });
  await exclusively(database, () => deleteQueue(boss, submission));
}

function incomplete(submission: string): MmelError {
  return new MmelError("USAGE", {
    what: "the submission is incomplete: `mmel jobs submit` was interrupted or is still running",
    where: submission,
    hint: `Run \`mmel jobs submit\` with the same file to complete it, or \`mmel jobs delete ${submission}\` to delete it.`,
  });
}

function unfinishedError(submission: string): MmelError {
  return new MmelError("USAGE", {
    what: "the submission has unfinished jobs",
    where: submission,
    hint: `Run \`mmel jobs cancel ${submission}\` first.`,
  });
}

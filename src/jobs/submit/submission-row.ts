import type { Sql } from "../database.js";
import { type JobQueue, renewPieces } from "../queue/index.js";
import type { Identity } from "./fingerprint.js";

export type SubmissionState = "loading" | "open" | "cancelled";

/** Earlier versions could cancel or open what was never whole: that it was sealed is what tells. */
const STATE = "case when sealed is null then 'loading' else state end as state";

export interface Asked extends Identity {
  readonly id: string;
  /** The file as the user named it; errors about its lines say so. */
  readonly name: string;
  readonly chunkSize: number;
}

export interface Found {
  readonly state: SubmissionState;
  readonly chunkSize: number;
  /** Whether somebody submitted this before. */
  readonly existing: boolean;
}

/** Notes a submission unless it is there, from an earlier time or another process. */
export async function noteSubmission(sql: Sql, asked: Asked): Promise<Found> {
  const { changed } = await sql.query(
    `insert into mmel_jobs.submission (id, name, label, offsets, chunk_size, state)
     values ($1, $2, $3, $4, $5, 'loading') on conflict do nothing`,
    [asked.id, asked.name, asked.label ?? null, asked.offsets, asked.chunkSize],
  );
  const { rows } = await sql.query<{ state: SubmissionState; chunkSize: number }>(
    `select ${STATE}, chunk_size as "chunkSize" from mmel_jobs.submission where id = $1`,
    [asked.id],
  );
  return { ...rows[0]!, existing: changed === 0 };
}

/** Lets workers see a submission whose captions are all there. Its state then; undefined when it was removed meanwhile. */
export async function sealSubmission(
  { database, boss }: JobQueue,
  id: string,
): Promise<SubmissionState | undefined> {
  return await database.transaction(async (sql) => {
    const { changed } = await sql.query(
      "update mmel_jobs.submission set state = 'open', sealed = now() where id = $1 and sealed is null",
      [id],
    );
    if (changed > 0) await renewPieces(boss, sql, id); // earlier versions could cancel some of it
    const { rows } = await sql.query<{ state: SubmissionState }>(
      "select state from mmel_jobs.submission where id = $1",
      [id],
    );
    return rows[0]?.state;
  });
}

/** Takes back a submission that no worker has seen yet. */
export async function discardSubmission(sql: Sql, id: string): Promise<boolean> {
  const { changed } = await sql.query(
    "delete from mmel_jobs.submission where id = $1 and state = 'loading'",
    [id],
  );
  return changed > 0;
}

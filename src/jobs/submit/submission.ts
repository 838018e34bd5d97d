import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { MmelError, type OffsetUnit, throwIfAborted } from "../../core/index.js";
import type { CaptionFileFormat, CaptionMapping } from "../../formats/index.js";
import type { Sql } from "../database.js";
import { addJobs, type JobQueue, renewJobs } from "../queue/index.js";
import type { Chunk } from "./chunks.js";

/**
 * The properties that determine a submission's id, together with the file's bytes. Worker settings are not included.
 */
export interface Identity {
  readonly format: CaptionFileFormat;
  readonly offsets: OffsetUnit;
  /** Maps the columns of a table. Undefined if they are guessed. */
  readonly mapping?: CaptionMapping | undefined;
  /** Distinguishes several submissions of the same file. */
  readonly label?: string | undefined;
}

/**
 * Computes a submission's id: a hash of the file's bytes, the format, the offset unit, the label and the mapping. Throws
 * `FILE_NOT_FOUND` if the file does not exist, `FILE_IS_DIRECTORY` if it is a folder, `FILE_UNREADABLE` if it cannot be
 * read, and `ABORTED` if the signal fires.
 */
export async function fingerprint(
  path: string,
  { format, offsets, label = "", mapping }: Identity,
  signal?: AbortSignal,
): Promise<string> {
  const parts = ["mmel 1", format, offsets, label, ...(mapping === undefined ? [] : [mapping])];
  const hash = createHash("sha256").update(`${JSON.stringify(parts)}\n`);
  try {
    for await (const bytes of createReadStream(path, { highWaterMark: 1 << 18 })) {
      throwIfAborted(signal);
      hash.update(bytes as Uint8Array);
    }
  } catch (error) {
    throw readingError(error, path);
  }
  return hash.digest("hex").slice(0, 16);
}

function readingError(error: unknown, where: string): unknown {
  if (error instanceof MmelError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT")
    return new MmelError("FILE_NOT_FOUND", { what: "the file does not exist", where, cause: error });
  if (code === "EISDIR")
    return new MmelError("FILE_IS_DIRECTORY", { what: "the path is a folder", where, expected: "a file" });
  return new MmelError("FILE_UNREADABLE", {
    what: `the file cannot be read (${message})`,
    where,
    cause: error,
  });
}

/** State of a submission; `loading` until all its captions are stored. */
export type SubmissionState = "loading" | "open" | "cancelled";

/**
 * SQL expression for the state. Earlier versions of mmel could cancel or open an incomplete submission, so `sealed`
 * decides whether a submission is complete.
 */
const STATE = "case when sealed is null then 'loading' else state end as state";

export interface NewSubmission extends Identity {
  readonly id: string;
  /** Path of the file as the user specified it, for error messages about its lines. */
  readonly name: string;
  readonly chunkSize: number;
}

export interface StoredSubmission {
  readonly state: SubmissionState;
  readonly chunkSize: number;
  /** Whether the submission existed before the call. */
  readonly existing: boolean;
}

/** Stores a submission unless it exists. Returns the state and chunk size of the stored submission. */
export async function storeSubmission(sql: Sql, submission: NewSubmission): Promise<StoredSubmission> {
  const { id, name, label = null, offsets, chunkSize } = submission;
  const { changed } = await sql.query(
    `insert into mmel_jobs.submission (id, name, label, offsets, chunk_size, state)
     values ($1, $2, $3, $4, $5, 'loading') on conflict do nothing`,
    [id, name, label, offsets, chunkSize],
  );
  const { rows } = await sql.query<{ state: SubmissionState; chunkSize: number }>(
    `select ${STATE}, chunk_size as "chunkSize" from mmel_jobs.submission where id = $1`,
    [id],
  );
  return { ...rows[0]!, existing: changed === 0 };
}

/** Stores a chunk and its job in one transaction. A chunk that exists is left unchanged. */
export async function storeChunk(
  { database, boss }: JobQueue,
  submission: string,
  { first, captions, text }: Chunk,
): Promise<void> {
  const size = captions.length;
  await database.transaction(async (sql) => {
    const { changed } = await sql.query(
      `insert into mmel_jobs.chunk (submission, first, size, captions) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [submission, first, size, text],
    );
    if (changed > 0) await addJobs(boss, sql, submission, [{ chunk: first, first, size }]);
  });
}

/**
 * Makes a completely stored submission visible to workers, unless it already is. Returns the state of the submission
 * afterwards, or undefined if the submission was deleted in the meantime.
 */
export async function sealSubmission(
  { database, boss }: JobQueue,
  id: string,
): Promise<SubmissionState | undefined> {
  return await database.transaction(async (sql) => {
    const { changed } = await sql.query(
      "update mmel_jobs.submission set state = 'open', sealed = now() where id = $1 and sealed is null",
      [id],
    );
    if (changed > 0) await renewJobs(boss, sql, id); // earlier versions could cancel the jobs of an incomplete submission
    const { rows } = await sql.query<{ state: SubmissionState }>(
      "select state from mmel_jobs.submission where id = $1",
      [id],
    );
    return rows[0]?.state;
  });
}

/** Deletes a submission that is not yet visible to workers. Returns false if there is no such submission. */
export async function discardSubmission(sql: Sql, id: string): Promise<boolean> {
  const { changed } = await sql.query(
    "delete from mmel_jobs.submission where id = $1 and state = 'loading'",
    [id],
  );
  return changed > 0;
}

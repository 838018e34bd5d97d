import type { OffsetUnit } from "../../core/index.js";
import type { Sql } from "../database.js";
import { type JobData, type JobQueue, queueOf, within } from "../queue/index.js";
import type { WorkerIdentity } from "./worker-row.js";

/** A piece that a worker has taken; nobody else links it while the worker lives. */
export interface Claim {
  readonly piece: string;
  readonly submission: string;
  /** The submitted file as its user named it. */
  readonly name: string;
  readonly offsets: OffsetUnit;
  readonly chunk: number;
  readonly first: number;
  readonly size: number;
  readonly failures: number;
  /** The latest error, `{"code","error"}`. */
  readonly failure: string | null;
  /** The captions of its whole chunk, as `readChunk` reads them. */
  readonly captions: string;
}

/** A submission with pieces that wait, as a worker that looks for work sees it. */
export interface Offer {
  readonly submission: string;
  /** What its links are made with so far; null before the first. */
  readonly settings: string | null;
  /** Whether something of it is linked, or being linked, with these settings. */
  readonly begun: boolean;
}

/** Submissions with work to do, oldest first. */
export async function offers(sql: Sql, only: string | undefined): Promise<Offer[]> {
  const { rows } = await sql.query<{ submission: string; settings: string | null; begun: boolean }>(
    `select id as submission, settings,
       exists (select from mmel_jobs.piece where submission = s.id and state in ('done', 'active')) as begun
     from mmel_jobs.submission s
     where state = 'open' and ($1::text is null or id = $1)
       and exists (select from mmel_jobs.piece where submission = s.id and state = 'waiting')
     order by sealed, id`,
    [only ?? null],
  );
  return rows;
}

/** Whether the worker may link this submission: links of two models or knowledge bases never mix. */
export const isForeign = ({ settings, begun }: Offer, worker: WorkerIdentity): boolean =>
  begun && settings !== null && settings !== worker.settings;

const COLUMNS = `p.id as piece, p.submission, s.name, s.offsets, p.chunk, p.first, p.size, p.failures, p.failure,
  (select captions from mmel_jobs.chunk where submission = p.submission and first = p.chunk) as captions`;

/** A piece that is the worker's though it has none at hand: the answer to its claim was lost. */
export async function forgottenClaim(sql: Sql, worker: WorkerIdentity): Promise<Claim | undefined> {
  const { rows } = await sql.query<Claim>(
    `select ${COLUMNS} from mmel_jobs.piece p join mmel_jobs.submission s on s.id = p.submission
     where p.worker = $1 and p.state = 'active' limit 1`,
    [worker.id],
  );
  return rows[0];
}

/** Takes a piece of a submission, if one waits: its job and its row in one transaction. */
export async function claimOf(
  { database, boss }: JobQueue,
  { submission, settings }: Offer,
  worker: WorkerIdentity,
): Promise<Claim | undefined> {
  return await database.transaction(async (sql) => {
    if (settings !== worker.settings) await adopt(sql, submission, worker);
    const { changed } = await sql.query(
      "select from mmel_jobs.submission where id = $1 and settings = $2 and state = 'open' for share",
      [submission, worker.settings],
    );
    if (changed === 0) return undefined; // cancelled, or another worker was first with other settings
    const [job] = await within(sql, (options) => boss.fetch<JobData>(queueOf(submission), options));
    if (job === undefined) return undefined;
    const { rows } = await sql.query<Claim>(
      `update mmel_jobs.piece p set state = 'active', worker = $2 from mmel_jobs.submission s
       where p.id = $1 and p.state in ('waiting', 'active') and s.id = p.submission returning ${COLUMNS}`,
      [job.data.piece, worker.id],
    );
    if (rows[0] === undefined)
      await within(sql, (options) => boss.complete(queueOf(submission), job.id, {}, options));
    return rows[0];
  });
}

/** Makes this worker's settings those of a submission of which nothing is linked yet. */
async function adopt(sql: Sql, submission: string, worker: WorkerIdentity): Promise<void> {
  await sql.query(
    `update mmel_jobs.submission set settings = $2
     where id = $1 and (settings is null
       or not exists (select from mmel_jobs.piece where submission = $1 and state in ('done', 'active')))`,
    [submission, worker.settings],
  );
}

/** Whether anything of the open submissions is left to link, by whomever. */
export async function isWorkLeft(
  sql: Sql,
  worker: WorkerIdentity,
  only: string | undefined,
): Promise<boolean> {
  const { rows } = await sql.query(
    `select from mmel_jobs.submission s
     where state = 'open' and ($1::text is null or id = $1) and (settings is null or settings = $2)
       and exists (select from mmel_jobs.piece where submission = s.id and state in ('waiting', 'active')) limit 1`,
    [only ?? null, worker.settings],
  );
  return rows.length > 0;
}

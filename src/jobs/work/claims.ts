import type { OffsetUnit } from "../../core/index.js";
import type { Sql } from "../database.js";
import { type JobData, type JobQueue, queueOf, within } from "../queue/index.js";
import type { WorkerIdentity } from "./heartbeat.js";

/** A job that a worker has claimed. No other worker links it while this worker is alive. */
export interface Claim {
  readonly job: string;
  readonly submission: string;
  /** Path of the submitted file as the user specified it. */
  readonly name: string;
  readonly offsets: OffsetUnit;
  /** Position of the chunk's first caption in the submission. */
  readonly chunk: number;
  /** Position of the job's first caption in the submission. */
  readonly first: number;
  readonly size: number;
  /** The settings with which the submission is linked. */
  readonly settings: string;
  readonly failures: number;
  /** The latest error of the job, as JSON: `{"code","error"}`; null if no error was recorded. */
  readonly failure: string | null;
  /** The captions of the complete chunk, in the format that `readChunk` parses. */
  readonly captions: string;
}

/** Claims jobs for a worker. */
export interface Claims {
  /**
   * Claims a job: if possible, from the same submission as the previous job, and otherwise from the oldest submission
   * that the worker may link. Returns undefined if there is no such job.
   */
  next(): Promise<Claim | undefined>;
  /**
   * Records that a response from the server may have been lost. If it assigned a job to the worker, the next call to
   * `next` returns this job.
   */
  suspectLostAnswer(): void;
}

export function createClaims(
  queue: JobQueue,
  worker: WorkerIdentity,
  only: string | undefined,
  onNote: (note: string) => void,
): Claims {
  const skipped = new Set<string>();
  let answerLost = false;
  let latest: Chosen | undefined;

  const skip = ({ submission, settings }: Offer): void => {
    if (skipped.has(submission)) return;
    skipped.add(submission);
    onNote(
      `skipped submission ${submission}: other workers link it with ${settings}, but this worker uses ${worker.settings()[0]}`,
    );
  };
  const unknownClaim = async (): Promise<Claim | undefined> => {
    const claim = await activeClaim(queue.database, worker);
    answerLost = claim !== undefined;
    return claim;
  };
  const search = async (): Promise<Claim | undefined> => {
    for (const offer of await offers(queue.database, only)) {
      if (isForeign(offer, worker)) skip(offer);
      else {
        const chosen = settingsFor(offer, worker);
        latest = { submission: offer.submission, settings: chosen };
        const claim = await claimFrom(queue, { ...latest, isNew: offer.settings !== chosen }, worker);
        if (claim !== undefined) return claim;
      }
    }
    latest = undefined;
    return undefined;
  };
  const sameSubmission = async (): Promise<Claim | undefined> =>
    latest !== undefined && worker.settings().includes(latest.settings)
      ? await claimFrom(queue, latest, worker)
      : undefined;
  return {
    suspectLostAnswer: () => {
      answerLost = true;
    },
    next: async () =>
      (answerLost ? await unknownClaim() : undefined) ?? (await sameSubmission()) ?? (await search()),
  };
}

/** A submission with waiting jobs. */
interface Offer {
  readonly submission: string;
  /** Settings of the workers that link the submission; null until a worker claims its first job. */
  readonly settings: string | null;
  /** Whether a job of the submission is done or being linked with these settings. */
  readonly begun: boolean;
}

/** A submission, and the settings with which the worker links it. */
interface Chosen {
  readonly submission: string;
  readonly settings: string;
  /** Whether the settings must first be assigned to the submission. */
  readonly isNew?: boolean;
}

/**
 * Returns the settings with which the worker links a submission: those that the submission was begun with, or the newest.
 */
const settingsFor = ({ settings, begun }: Offer, worker: WorkerIdentity): string =>
  begun && settings !== null ? settings : worker.settings()[0]!;

/** Returns the submissions with waiting jobs, oldest first. */
async function offers(sql: Sql, only: string | undefined): Promise<Offer[]> {
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

/**
 * Returns whether other workers are linking or have linked captions of this submission with different settings. Links
 * from two models or knowledge bases are never mixed in a submission.
 */
const isForeign = ({ settings, begun }: Offer, worker: WorkerIdentity): boolean =>
  begun && settings !== null && !worker.settings().includes(settings);

const COLUMNS = `p.id as job, p.submission, s.name, s.offsets, s.settings, p.chunk, p.first, p.size, p.failures, p.failure,
  (select captions from mmel_jobs.chunk where submission = p.submission and first = p.chunk) as captions`;

/** Returns an active job of the worker, or undefined if it has none. */
async function activeClaim(sql: Sql, worker: WorkerIdentity): Promise<Claim | undefined> {
  const { rows } = await sql.query<Claim>(
    `select ${COLUMNS} from mmel_jobs.piece p join mmel_jobs.submission s on s.id = p.submission
     where p.worker = $1 and p.state = 'active' limit 1`,
    [worker.id],
  );
  return rows[0];
}

/**
 * Claims a waiting job of a submission: takes the pg-boss job and updates our row in one transaction. Returns undefined
 * if no job can be claimed.
 */
async function claimFrom(
  { database, boss }: JobQueue,
  { submission, settings, isNew = false }: Chosen,
  worker: WorkerIdentity,
): Promise<Claim | undefined> {
  return await database.transaction(async (sql) => {
    if (isNew) await adopt(sql, submission, settings);
    const { changed } = await sql.query(
      "select from mmel_jobs.submission where id = $1 and settings = $2 and state = 'open' for share",
      [submission, settings],
    );
    if (changed === 0) return undefined; // the submission was cancelled, or a worker with other settings was faster
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

/** Assigns settings to a submission, unless a job of the submission is done or active. */
async function adopt(sql: Sql, submission: string, settings: string): Promise<void> {
  await sql.query(
    `update mmel_jobs.submission set settings = $2
     where id = $1 and (settings is null
       or not exists (select from mmel_jobs.piece where submission = $1 and state in ('done', 'active')))`,
    [submission, settings],
  );
}

/**
 * Returns whether any open submission that the worker may link has unfinished jobs: waiting jobs, or jobs that any
 * worker is linking.
 */
export async function isWorkLeft(
  sql: Sql,
  worker: WorkerIdentity,
  only: string | undefined,
): Promise<boolean> {
  const { rows } = await sql.query(
    `select from mmel_jobs.submission s
     where state = 'open' and ($1::text is null or id = $1) and (settings is null or settings = any($2))
       and exists (select from mmel_jobs.piece where submission = s.id and state in ('waiting', 'active')) limit 1`,
    [only ?? null, worker.settings()],
  );
  return rows.length > 0;
}

/** Returns whether an open submission that was begun with these settings has unfinished jobs. */
export async function isBegunWith(sql: Sql, settings: string): Promise<boolean> {
  const { rows } = await sql.query(
    `select from mmel_jobs.submission s where state = 'open' and settings = $1
       and exists (select from mmel_jobs.piece where submission = s.id and state in ('done', 'active'))
       and exists (select from mmel_jobs.piece where submission = s.id and state in ('waiting', 'active')) limit 1`,
    [settings],
  );
  return rows.length > 0;
}

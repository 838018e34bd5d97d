import type { Sql } from "../database.js";

type SubmissionStage = "loading" | "waiting" | "running" | "done" | "cancelled";

/** The progress of a submission. */
export interface SubmissionStatus {
  readonly id: string;
  readonly name: string;
  readonly label: string | null;
  readonly state: SubmissionStage;
  readonly captions: number;
  /** Number of captions with an outcome: linked, rejected or set aside. */
  readonly done: number;
  readonly linked: number;
  /** Number of captions that were rejected because they cannot be linked as they are. */
  readonly rejected: number;
  /** Number of captions that were set aside after repeated failures. `retry` processes them again. */
  readonly aside: number;
  /** Number of lines in the file that are not valid captions. */
  readonly unread: number;
  readonly jobs: { readonly waiting: number; readonly active: number; readonly done: number };
  /**
   * Captions per second, averaged over the last minute: the sum over all workers that are linking this submission.
   */
  readonly perSecond: number;
  /**
   * Estimated seconds until the submission is done, at the rate `perSecond`; null if captions are left and this rate is
   * 0.
   */
  readonly secondsLeft: number | null;
  /**
   * Errors of up to five unfinished jobs that have failed at least once. The jobs with the most failures come first.
   */
  readonly errors: readonly string[];
}

interface WorkerStatus {
  readonly name: string;
  readonly state: "working" | "idle" | "silent";
  readonly submission: string | null;
  readonly captions: number;
  readonly perSecond: number;
  /** Seconds since the worker's last report. */
  readonly seen: number;
  readonly settings: string;
  readonly remark: string | null;
}

export interface JobsStatus {
  readonly submissions: readonly SubmissionStatus[];
  readonly workers: readonly WorkerStatus[];
}

/**
 * Number of seconds without a report after which a worker is shown as silent. After an hour without a report, the
 * worker is not shown at all.
 */
const SILENT_S = 15;

/** Returns the status of all workers, and of the submission with the id `submission` (default: all submissions). */
export async function status(sql: Sql, submission?: string): Promise<JobsStatus> {
  const [found, workers] = [await submissions(sql, submission), await workersOf(sql)];
  return { submissions: found.map((counted) => withRate(counted, workers)), workers };
}

type Counted = Omit<SubmissionStatus, "perSecond" | "secondsLeft">;

async function submissions(sql: Sql, submission: string | undefined): Promise<Counted[]> {
  const { rows } = await sql.query<Counted>(
    `select s.id, s.name, s.label,
       case when s.sealed is null then 'loading' when c.captions = p.done then 'done'
         when s.state = 'cancelled' then s.state when p.active > 0 or p.done > 0 then 'running' else 'waiting' end as state,
       c.captions::float8 as captions, p.done::float8 as done, p.linked::float8 as linked,
       p.rejected::float8 as rejected, p.aside::float8 as aside, u.unread::float8 as unread,
       json_build_object('waiting', p.waiting, 'active', p.active, 'done', p.finished) as jobs, e.errors
     from mmel_jobs.submission s
     cross join lateral (select coalesce(sum(size), 0) as captions from mmel_jobs.chunk where submission = s.id) c
     cross join lateral (select
       coalesce(sum(linked + rejected + aside), 0) as done, coalesce(sum(linked), 0) as linked,
       coalesce(sum(rejected), 0) as rejected, coalesce(sum(aside), 0) as aside,
       count(*) filter (where state = 'waiting') as waiting, count(*) filter (where state = 'active') as active,
       count(*) filter (where state = 'done') as finished
       from mmel_jobs.piece where submission = s.id) p
     cross join lateral (select count(*) as unread from mmel_jobs.unread where submission = s.id) u
     cross join lateral (select coalesce(json_agg(error), '[]') as errors from (
       select failure::json ->> 'error' as error from mmel_jobs.piece
       where submission = s.id and failure is not null and state in ('waiting', 'active')
       order by failures desc, first limit 5) failing) e
     where $1::text is null or s.id = $1 order by s.created, s.id`,
    [submission ?? null],
  );
  return rows;
}

async function workersOf(sql: Sql): Promise<WorkerStatus[]> {
  const { rows } = await sql.query<WorkerStatus>(
    `select w.name, case when w.seen < now() - $1 * interval '1 second' then 'silent'
         when p.submission is null then 'idle' else 'working' end as state,
       p.submission, w.captions, case when w.seen < now() - $1 * interval '1 second' then 0
         else round(w.per_second::numeric, 2)::float8 end as "perSecond",
       round(extract(epoch from now() - w.seen)::numeric, 1)::float8 as seen, w.settings, w.remark
     from mmel_jobs.worker w
     left join lateral (select submission from mmel_jobs.piece where worker = w.id and state = 'active' limit 1) p on true
     where w.ended is null and w.seen > now() - interval '1 hour' order by w.name, w.id`,
    [SILENT_S],
  );
  return rows;
}

function withRate(counted: Counted, workers: readonly WorkerStatus[]): SubmissionStatus {
  const own = workers.filter(({ submission }) => submission === counted.id);
  const perSecond = Math.round(100 * own.reduce((sum, worker) => sum + worker.perSecond, 0)) / 100;
  const left = counted.captions - counted.done;
  const secondsLeft = left === 0 ? 0 : perSecond > 0 ? Math.round(left / perSecond) : null;
  return { ...counted, perSecond, secondsLeft };
}

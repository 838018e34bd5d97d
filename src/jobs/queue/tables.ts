import { MmelError } from "../../core/index.js";
import type { Database, Sql } from "../database.js";

/** Version of our tables in the schema `mmel_jobs`. The tables of pg-boss are in the schema `mmel_boss`. */
const LAYOUT = 1;

/**
 * The tables. A submission is a file of captions, stored in chunks. A `piece` is a job: a range of captions in one
 * chunk. At first, a piece covers the complete chunk; if linking fails, it is replaced with smaller pieces. The pg-boss
 * job of a piece has the same id. An outcome is the result of one caption. Its `place` is the caption's position in the
 * submission, so the primary key allows only one outcome per caption. Captions, links and rejects are stored as JSON
 * text, because jsonb cannot store NUL and reorders fields.
 */
const TABLES = `
create schema if not exists mmel_jobs;
create table mmel_jobs.layout (version int not null);
create table mmel_jobs.submission (
  id text primary key,
  name text not null,
  label text,
  offsets text not null,
  chunk_size int not null,
  state text not null check (state in ('loading', 'open', 'cancelled')),
  settings text,
  created timestamptz not null default now(),
  sealed timestamptz
);
create table mmel_jobs.chunk (
  submission text not null references mmel_jobs.submission on delete cascade,
  first int not null,
  size int not null,
  captions text not null,
  primary key (submission, first)
);
create table mmel_jobs.unread (
  submission text not null references mmel_jobs.submission on delete cascade,
  line int not null,
  record text not null,
  primary key (submission, line)
);
create table mmel_jobs.worker (
  id uuid primary key,
  name text not null,
  settings text not null,
  started timestamptz not null default now(),
  seen timestamptz not null default now(),
  ended timestamptz,
  captions int not null default 0,
  per_second real not null default 0,
  remark text
);
create table mmel_jobs.piece (
  id uuid primary key,
  submission text not null references mmel_jobs.submission on delete cascade,
  chunk int not null,
  first int not null,
  size int not null,
  state text not null default 'waiting' check (state in ('waiting', 'active', 'done', 'cancelled', 'replaced')),
  failures int not null default 0,
  failure text,
  worker uuid,
  finished timestamptz,
  linked int not null default 0,
  rejected int not null default 0,
  aside int not null default 0
);
create index piece_of_submission on mmel_jobs.piece (submission, state);
create index piece_of_worker on mmel_jobs.piece (worker) where state = 'active';
create table mmel_jobs.outcome (
  submission text not null references mmel_jobs.submission on delete cascade,
  place int not null,
  kind text not null check (kind in ('linked', 'rejected', 'aside')),
  line int not null,
  record text not null,
  primary key (submission, place)
);
create index outcome_unlinked on mmel_jobs.outcome (submission, line) where kind <> 'linked';
insert into mmel_jobs.layout values (${LAYOUT});
`;

/**
 * Returns the layout of the tables, or undefined if there are no tables. Throws `CONFIG` if a newer version of mmel
 * created them.
 */
export async function layoutOf(sql: Sql, where: string): Promise<number | undefined> {
  const { rows: found } = await sql.query<{ name: string | null }>(
    "select to_regclass('mmel_jobs.layout')::text as name",
  );
  if (found[0]?.name == null) return undefined;
  const { rows } = await sql.query<{ version: number }>("select version from mmel_jobs.layout");
  const version = rows[0]?.version ?? 0;
  if (version <= LAYOUT) return version;
  throw new MmelError("CONFIG", {
    what: `the job queue was created by a newer version of mmel (layout ${version})`,
    where,
    expected: `layout ${LAYOUT} or older`,
    hint: "Run `npm install mmel@latest`.",
  });
}

/**
 * Creates the tables if they do not exist. Then runs `also` and returns its result. Throws `QUEUE_DENIED` if the role
 * is not allowed to create tables.
 */
export async function ensureTables<T>(database: Database, also: () => Promise<T>): Promise<T> {
  return await exclusively(database, async (sql) => {
    if ((await layoutOf(sql, database.shown)) !== undefined) return await also();
    await sql.query(`begin; ${TABLES} commit;`);
    return await also();
  });
}

/**
 * Runs `work` under a lock, so that no other process runs this function on the same database at the same time. Used for
 * creating and deleting tables.
 */
export async function exclusively<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  return await database.session(async (sql) => {
    await sql.query("select pg_advisory_lock(hashtext('mmel_jobs'))");
    const result = await work(sql);
    await sql.query("select pg_advisory_unlock(hashtext('mmel_jobs'))");
    return result;
  });
}

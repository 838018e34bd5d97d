import type { Client, Pool } from "pg";
import { MmelError } from "../../core/index.js";
import { assertUtf8, codeOf } from "../../postgres/index.js";
import { LAYOUT, MIGRATIONS } from "./migrations.js";
import { createSession } from "./session.js";
import { DISTRIBUTION } from "./statements.js";
import { parseTarget, type Target } from "./target.js";

export interface PrepareOptions {
  /** Role that receives the privileges for linking: `USAGE` on the schema and `SELECT` on its tables. */
  readonly reader?: string;
  /** Whether to distribute the tables across the workers of a Citus cluster. */
  readonly distribute?: boolean;
  readonly signal?: AbortSignal;
}

export interface Prepared {
  /** SQL statements that were run to distribute the tables and grant the privileges. */
  readonly statements: readonly string[];
}

/**
 * Creates or updates the tables on a server. On request, also grants privileges and distributes the tables. Safe to
 * repeat.
 *
 * Throws `CONFIG` if the URL, the database or the role is unsuitable, `KB_DENIED` if the server refuses a request,
 * `KB_TOO_NEW` if a newer version of mmel created the tables, `KB_UNAVAILABLE` if the server does not respond in
 * time, and `ABORTED` if the signal fires.
 */
export async function prepareServer(url: string, options: PrepareOptions = {}): Promise<Prepared> {
  const target = parseTarget(url);
  const begin = (client: Client): Promise<void> => migrate(client, target);
  await using session = createSession(target, { begin, signal: options.signal });
  return await session.run(async (client) => {
    const { reader } = options;
    const statements = options.distribute ? await distribution(client, target) : [];
    for (const statement of statements) await client.query(statement);
    const granted = reader === undefined ? [] : grants(target.schema, reader);
    try {
      for (const statement of granted) await client.query(statement);
    } catch (error) {
      throw codeOf(error) === "42704" ? noRole(target, reader!, error) : error;
    }
    return { statements: [...statements, ...granted] };
  });
}

/**
 * Creates the tables or migrates older tables to the current layout, in one transaction that waits for the migrations
 * of other processes. Safe to run repeatedly and concurrently. Installs pg_trgm if it is missing. Leaves tables that
 * are up to date unchanged.
 *
 * Throws `KB_TOO_NEW` if a newer version of mmel created the tables, and `CONFIG` if pg_trgm cannot be installed or
 * the encoding of the database is not UTF-8.
 */
export async function migrate(client: Client, target: Target): Promise<void> {
  await assertUtf8((sql) => client.query(sql), target.shown);
  await client.query("begin");
  try {
    await client.query("select pg_advisory_xact_lock(hashtext('mmel migration'), hashtext($1))", [
      target.schema,
    ]);
    await installTrigrams(client, target);
    const from = await layoutOf(client, target.schema);
    assertNotNewer(from, target);
    if (from < LAYOUT) {
      if (!(await exists(client, target.schema))) await client.query(`create schema "${target.schema}"`);
      await client.query(migrationText(target.schema, from));
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

/** Returns the SQL that migrates tables from a layout to the newest layout. */
function migrationText(schema: string, from: number): string {
  const steps = [
    "create table if not exists @s.layout (number int not null)",
    ...MIGRATIONS.slice(from),
    "delete from @s.layout",
    `insert into @s.layout values (${LAYOUT})`,
  ];
  return steps.join(";\n").replaceAll("@s", `"${schema}"`);
}

async function exists(client: Client, schema: string): Promise<boolean> {
  return (await client.query("select from pg_namespace where nspname = $1", [schema])).rowCount === 1;
}

/** Returns the layout number of the tables; 0 if there are no tables. */
async function layoutOf(client: Client, schema: string): Promise<number> {
  const table = await client.query("select to_regclass($1) is not null as there", [`"${schema}".layout`]);
  if (!table.rows[0].there) return 0;
  const { rows } = await client.query(`select number from "${schema}".layout`);
  return rows[0]?.number ?? 0;
}

/** Throws `KB_TOO_NEW` if a newer version of mmel created the tables. */
export function assertNotNewer(layout: number, target: Target): void {
  if (layout <= LAYOUT) return;
  throw new MmelError("KB_TOO_NEW", {
    what: `the tables were created by a newer version of mmel (layout ${layout})`,
    where: target.shown,
    expected: `layout ${LAYOUT} or older`,
    hint: "Run `npm install mmel@latest`, or use another `?schema=NAME`.",
  });
}

/** Returns the schema in which pg_trgm is installed. Throws `CONFIG` if pg_trgm is not installed. */
export async function extensionSchema(client: Client | Pool, target: Target): Promise<string> {
  const { rows } = await client.query(
    "select nspname from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'pg_trgm'",
  );
  if (rows.length === 0)
    throw missingTrigrams("the database lacks the pg_trgm extension, which the name search needs", target);
  return rows[0].nspname;
}

async function installTrigrams(client: Client, target: Target): Promise<void> {
  const { rowCount } = await client.query("select from pg_extension where extname = 'pg_trgm'");
  if (rowCount === 1) return;
  try {
    await client.query("create extension pg_trgm with schema public");
  } catch (cause) {
    const code = codeOf(cause);
    if (code === "42501")
      throw missingTrigrams(
        "the database lacks the pg_trgm extension, and this role may not install it",
        target,
        cause,
      );
    if (code === "0A000" || code === "58P01")
      throw missingTrigrams(
        "the pg_trgm extension is not available on the server",
        target,
        cause,
        "Run `apt-get install postgresql-contrib` on the server. ",
      );
    throw cause;
  }
}

function missingTrigrams(what: string, target: Target, cause?: unknown, first = ""): MmelError {
  return new MmelError("CONFIG", {
    what,
    where: target.shown,
    expected: "the pg_trgm extension from PostgreSQL's contrib package",
    hint: `${first}Ask the owner of the database to run \`CREATE EXTENSION pg_trgm;\` in it.`,
    cause,
  });
}

function noRole(target: Target, reader: string, cause: unknown): MmelError {
  return new MmelError("CONFIG", {
    what: `the server has no role ${quoted(reader)}`,
    where: target.shown,
    expected: "an existing role for --reader",
    hint: `Run \`CREATE ROLE ${quoted(reader)} LOGIN PASSWORD '…';\`.`,
    cause,
  });
}

const quoted = (role: string): string => `"${role.replaceAll('"', '""')}"`;

/**
 * Returns the statements that grant the privileges for linking. The privileges also cover later versions, because
 * privileges on a table extend to its partitions.
 */
function grants(schema: string, reader: string): string[] {
  const role = quoted(reader);
  const tables = ["layout", "base", "version", ...Object.keys(DISTRIBUTION)].map(
    (table) => `"${schema}".${table}`,
  );
  return [`grant usage on schema "${schema}" to ${role}`, `grant select on ${tables.join(", ")} to ${role}`];
}

/**
 * Returns the statements that distribute all tables that are not distributed yet. Throws `CONFIG` if the database lacks
 * the citus extension.
 */
async function distribution(client: Client, target: Target): Promise<string[]> {
  const { rowCount } = await client.query("select from pg_extension where extname = 'citus'");
  if (rowCount === 0)
    throw new MmelError("CONFIG", {
      what: "the database lacks the citus extension",
      where: target.shown,
      expected: "a Citus cluster",
      hint: "Run `CREATE EXTENSION citus;` on the coordinator and the workers, or leave out `--distribute`.",
    });
  const { rows } = await client.query("select logicalrelid::regclass::text as name from pg_dist_partition");
  const done = new Set(rows.map(({ name }) => name.replaceAll('"', "")));
  return distributionStatements(target.schema)
    .filter(({ table }) => !done.has(table))
    .map(({ sql }) => sql);
}

/** Returns, for each table, the statement that distributes it by calling a Citus function. */
export function distributionStatements(schema: string): { readonly table: string; readonly sql: string }[] {
  return Object.entries(DISTRIBUTION).map(([table, column]) => ({
    table: `${schema}.${table}`,
    sql: `select create_distributed_table('"${schema}".${table}', '${column}', colocate_with => 'none')`,
  }));
}

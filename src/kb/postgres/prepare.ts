import type { Client } from "pg";
import { MmelError } from "../../core/index.js";
import { codeOf } from "../../postgres/errors.js";
import { migrate } from "./migrate.js";
import { createSession } from "./session.js";
import { DISTRIBUTION } from "./statements.js";
import { parseTarget, type Target } from "./target.js";

export interface PrepareOptions {
  /** A role that may link from now on: gets USAGE of the schema and SELECT on its tables. */
  readonly reader?: string;
  /** Distributes the tables over the workers of a Citus cluster. */
  readonly distribute?: boolean;
  readonly signal?: AbortSignal;
}

/** What was done, as the SQL that did it. */
export interface Prepared {
  readonly statements: readonly string[];
}

/** Makes or updates the tables on a server, and what goes with them; safe to repeat. `CONFIG`, `KB_DENIED`, `KB_TOO_NEW`, `ABORTED`. */
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

function noRole(target: Target, reader: string, cause: unknown): MmelError {
  return new MmelError("CONFIG", {
    what: `the server has no role ${quoted(reader)}`,
    where: target.shown,
    expected: "a role for --reader that exists",
    hint: `CREATE ROLE ${quoted(reader)} LOGIN PASSWORD '…';`,
    cause,
  });
}

const quoted = (role: string): string => `"${role.replaceAll('"', '""')}"`;

/** All that a role needs for linking, for versions imported later too: partitions are read by the right to the whole. */
export function grants(schema: string, reader: string): string[] {
  const role = quoted(reader);
  const tables = ["layout", "base", "version", ...Object.keys(DISTRIBUTION)].map(
    (table) => `"${schema}".${table}`,
  );
  return [`grant usage on schema "${schema}" to ${role}`, `grant select on ${tables.join(", ")} to ${role}`];
}

/** What distributes the tables that are not distributed yet. */
async function distribution(client: Client, target: Target): Promise<string[]> {
  const { rowCount } = await client.query("select from pg_extension where extname = 'citus'");
  if (rowCount === 0)
    throw new MmelError("CONFIG", {
      what: "the database has no extension citus",
      where: target.shown,
      expected: "a Citus cluster",
      hint: "CREATE EXTENSION citus; on the coordinator and the workers, or without --distribute",
    });
  const { rows } = await client.query("select logicalrelid::regclass::text as name from pg_dist_partition");
  const done = new Set(rows.map(({ name }) => name.replaceAll('"', "")));
  return distributionStatements(target.schema)
    .filter(({ table }) => !done.has(table))
    .map(({ sql }) => sql);
}

/** The calls of Citus, a table each. */
export function distributionStatements(schema: string): { readonly table: string; readonly sql: string }[] {
  return Object.entries(DISTRIBUTION).map(([table, column]) => ({
    table: `${schema}.${table}`,
    sql: `select create_distributed_table('"${schema}".${table}', '${column}', colocate_with => 'none')`,
  }));
}

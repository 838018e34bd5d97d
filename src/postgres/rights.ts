import type { Client } from "pg";
import { MmelError } from "../core/index.js";
import type { Address } from "./address.js";
import { connect, connectionConfig, disconnect } from "./connect.js";
import { codeOf, explain, type Subject } from "./errors.js";

/** The rights that a role needs for a purpose. */
export interface NeededRights {
  /** Schemas with the tables. If one does not exist, the role must be allowed to create it. */
  readonly schemas: readonly string[];
  /** Rights on all tables in the schemas. */
  readonly onTables: readonly ("SELECT" | "INSERT" | "UPDATE" | "DELETE")[];
  /** Extensions whose functions are called. */
  readonly extensions: readonly string[];
  /** When the role must own the schemas and tables: always, or if it lacks nothing else. */
  readonly owner: "always" | "otherwise" | "never";
}

/** SQLSTATE of an action that needs a right that the role does not have. */
const DENIED = "42501";
/** Time limit for finding out which rights are missing, in milliseconds. */
const LIMIT_MS = 5000;

/**
 * Converts an error to an `MmelError`, like `explain`. If the server denied a right, asks the server which rights the
 * role lacks, and names them and the statements that grant them.
 */
export async function explainRights(
  error: unknown,
  subject: Subject,
  address: Address,
  needed: NeededRights,
): Promise<unknown> {
  const known = explain(error, subject);
  if (!(known instanceof MmelError) || codeOf(known) !== DENIED) return known;
  const lacking = await lackingRights(address, needed).catch(() => undefined);
  if (lacking === undefined) return known;
  const { rights, grants, from } = lacking;
  return new MmelError(known.code, {
    ...known.detail,
    expected: rights.join(" and "),
    hint: `Ask ${from} to run \`${grants.join("; ")}\`.`,
  });
}

interface Lacking {
  /** Noun phrases, such as "SELECT on mmel.entity". */
  readonly rights: readonly string[];
  /** Statements that grant the rights. */
  readonly grants: readonly string[];
  /** Who can run the statements. */
  readonly from: string;
}

async function lackingRights(address: Address, needed: NeededRights): Promise<Lacking | undefined> {
  const config = connectionConfig(address, { applicationName: "mmel", statementMs: LIMIT_MS });
  let client: Client;
  try {
    client = await connect(address, config);
  } catch (error) {
    if (codeOf(error) !== DENIED) throw error;
    const { username, pathname } = new URL(address.connection);
    return lacksConnect(decodeURIComponent(username), decodeURIComponent(pathname.slice(1)));
  }
  try {
    return await compare(client, needed);
  } finally {
    await disconnect(client);
  }
}

function lacksConnect(role: string, database: string): Lacking {
  const grant = `GRANT CONNECT ON DATABASE ${quoted(database || "NAME")} TO ${quoted(role || "ROLE")}`;
  return {
    rights: [`CONNECT on the database ${database}`.trim()],
    grants: [grant],
    from: "the owner of the database",
  };
}

/** Quotes a name for SQL if necessary. The server quotes all other names. */
const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_]*$|^(NAME|ROLE)$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

interface SchemaRow {
  readonly nspname: string;
  readonly name: string;
  readonly owner: string;
  readonly ours: boolean;
  readonly usable: boolean;
}

const SCHEMAS = `
  select nspname, quote_ident(nspname) as name, quote_ident(pg_get_userbyid(nspowner)) as owner,
    pg_has_role(nspowner, 'USAGE') as ours, has_schema_privilege(oid, 'USAGE') as usable
  from pg_catalog.pg_namespace
  where nspname = any($1)
    or oid in (select extnamespace from pg_catalog.pg_extension where extname = any($2))
  order by nspname`;

interface TableRow {
  readonly name: string;
  readonly owner: string;
  readonly ours: boolean;
  readonly lacks: readonly string[];
}

const TABLES = `
  select quote_ident(nspname) || '.' || quote_ident(relname) as name, quote_ident(pg_get_userbyid(relowner)) as owner,
    pg_has_role(relowner, 'USAGE') as ours,
    array(select wanted from unnest($2::text[]) wanted where not has_table_privilege(c.oid, wanted)) as lacks
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = relnamespace
  where nspname = any($1) and relkind in ('r', 'p') and not relispartition
  order by 1`;

/** Compares the needed rights with those of the role; undefined if it lacks none. */
async function compare(client: Client, needed: NeededRights): Promise<Lacking | undefined> {
  const { rows: names } = await client.query<{ role: string; database: string }>(
    "select quote_ident(current_user) as role, quote_ident(current_database()) as database",
  );
  const { role, database } = names[0]!;
  const { rows: schemas } = await client.query<SchemaRow>(SCHEMAS, [needed.schemas, needed.extensions]);
  const { rows: tables } = await client.query<TableRow>(TABLES, [needed.schemas, needed.onTables]);
  const own = schemas.filter(({ nspname }) => needed.schemas.includes(nspname));
  if (own.length < needed.schemas.length)
    return {
      rights: [`CREATE on the database ${database}`],
      grants: [`GRANT CREATE ON DATABASE ${database} TO ${role}`],
      from: "the owner of the database",
    };
  const owners = [...new Set([...own, ...tables].flatMap(({ ours, owner }) => (ours ? [] : [owner])))];
  const membership: Lacking | undefined =
    owners.length === 0
      ? undefined
      : {
          rights: [`the rights of ${owners.join(" and ")}, who owns the tables`],
          grants: [`GRANT ${owners.join(", ")} TO ${role}`],
          from: "an administrator",
        };
  if (needed.owner === "always" && membership !== undefined) return membership;
  const usage = schemas.filter(({ usable }) => !usable).map(({ name }) => name);
  const groups = new Map<string, string[]>();
  for (const { name, lacks } of tables)
    if (lacks.length > 0) groups.set(lacks.join(", "), [...(groups.get(lacks.join(", ")) ?? []), name]);
  const rights = [
    ...usage.map((name) => [`USAGE on the schema ${name}`, `GRANT USAGE ON SCHEMA ${name} TO ${role}`]),
    ...[...groups].map(([lacks, all]) => {
      const list = all.join(", ");
      return [`${lacks} on ${list}`, `GRANT ${lacks} ON ${list} TO ${role}`];
    }),
  ];
  if (rights.length > 0)
    return {
      rights: rights.map(([right]) => right!),
      grants: rights.map(([, grant]) => grant!),
      from: owners.length === 0 ? "an administrator" : owners.join(" or "),
    };
  return needed.owner === "otherwise" ? membership : undefined;
}

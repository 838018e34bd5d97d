/*
 * Every statement that reads a knowledge base on a server. `@s` stands for our schema and `@x` for that of pg_trgm.
 *
 * Each names the part of the tables that it reaches, which is what Citus asks for:
 *   "one"   carries the distribution column with `=` or `= any`, so that only the shards of those values are asked
 *   "each"  reads one table without a join, so that every shard answers for itself and the answers are put together
 *   "local" reads a small table that is not distributed
 */
export interface Statement {
  readonly reaches: "one" | "each" | "local";
  readonly sql: string;
}

/** The tables that Citus distributes, and the column by which it does. */
export const DISTRIBUTION = {
  entity: "number",
  id: "key",
  posting: "token",
  token: "token",
  attachment: "part",
} as const;

export const STATEMENTS = {
  layout: { reaches: "local", sql: "select number from @s.layout" },
  current: {
    reaches: "local",
    sql: `select version.version, version.name, hash, entities, names, layout from @s.base join @s.version
          on version.version = base.version where base.name = $1`,
  },
  version: {
    reaches: "local",
    sql: "select version, name, hash, entities, names, layout from @s.version where version = $1",
  },
  numbersOfKeys: {
    reaches: "one",
    sql: "select number from @s.id where version = $1 and key = any($2::bytea[])",
  },
  lines: {
    reaches: "one",
    sql: "select number, line from @s.entity where version = $1 and number = any($2::int[])",
  },
  page: {
    reaches: "each",
    sql: "select key, number from @s.id where version = $1 and key > $2 order by key limit 500",
  },
  tokens: {
    reaches: "one",
    sql: "select token, entities from @s.token where version = $1 and token = any($2::text[])",
  },
  similarTokens: {
    reaches: "each",
    sql: `select token, entities from @s.token where version = $1 and token operator(@x.%) $2
          and length(token) between $3 and $4`,
  },
  beginningTokens: {
    reaches: "each",
    sql: `select token, entities from @s.token where version = $1 and token like $2
          order by entities desc limit 50`,
  },
  postings: {
    reaches: "one",
    sql: `select token, entries from @s.posting where version = $1 and token = any($2::text[])
          and part < $3 order by token, part`,
  },
  attachment: {
    reaches: "one",
    sql: "select part, size, bytes from @s.attachment where version = $1 and name = $2 and part = any($3::int[])",
  },
} as const satisfies Record<string, Statement>;

export type StatementName = keyof typeof STATEMENTS;

/** Whether a statement runs only where pg_trgm is installed. */
export function wantsTrigrams(name: StatementName): boolean {
  return STATEMENTS[name].sql.includes("@x.");
}

/** The statement's text for a schema of ours and that of the extension. */
export function statementText(name: StatementName, schema: string, extension: string): string {
  return STATEMENTS[name].sql.replaceAll("@s.", `"${schema}".`).replaceAll("@x.", `"${extension}".`);
}

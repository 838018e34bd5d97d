import { PART, type PARTITIONED } from "./migrations.js";

/*
 * All statements that read or fill a knowledge base on a server. In their text, `@s` is replaced with the schema of the
 * tables, `@x` with the schema of pg_trgm, `@v` with the version to fill, and `@t` with a partitioned table.
 *
 * `reaches` specifies which shards of Citus a statement accesses:
 *   "one"   compares the distribution column with `=` or `= any`: Citus queries only the shards of the compared values
 *   "each"  reads one table or deletes from it, without a join: Citus runs the statement on every shard
 *   "rows"  inserts rows: Citus chooses the shard of each row by its distribution column
 *   "local" reads, changes, creates or drops tables that are not distributed
 *   "shape" creates, empties, analyzes, indexes or drops a partition, on every shard
 */
export interface Statement {
  readonly reaches: "one" | "each" | "rows" | "local" | "shape";
  readonly sql: string;
}

/** The tables that Citus distributes, and their distribution columns. */
export const DISTRIBUTION = {
  entity: "number",
  id: "key",
  posting: "token",
  token: "token",
  attachment: "part",
} as const;

/** The statements that readers use. */
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
    sql: "select number, line, sum from @s.entity where version = $1 and number = any($2::int[])",
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
    sql: `select token, part, entries, sum from @s.posting where version = $1 and token = any($2::text[])
          and part < $3 order by token, part`,
  },
  tokenPage: {
    reaches: "each",
    sql: "select token, entities from @s.token where version = $1 and token > $2 order by token limit 1000",
  },
  attachmentNames: {
    reaches: "each",
    sql: "select distinct name from @s.attachment where version = $1 order by name",
  },
  attachment: {
    reaches: "one",
    sql: "select part, size, bytes, sum from @s.attachment where version = $1 and name = $2 and part = any($3::int[])",
  },
} as const satisfies Record<string, Statement>;

export type StatementName = keyof typeof STATEMENTS;

/** The statements that imports use. */
export const IMPORT_STATEMENTS = {
  addVersion: {
    reaches: "local",
    sql: "insert into @s.version (base, layout) values ($1, $2) returning version",
  },
  oldVersions: {
    reaches: "local",
    sql: `select version from @s.version where base = $1
          and not exists (select from @s.base where base.version = version.version)`,
  },
  describe: {
    reaches: "local",
    sql: "update @s.version set name = $2, hash = $3, entities = $4, names = $5 where version = $1",
  },
  complete: { reaches: "local", sql: "update @s.version set complete = true where version = $1" },
  publish: {
    reaches: "local",
    sql: "insert into @s.base values ($1, $2) on conflict (name) do update set version = excluded.version",
  },
  removeVersion: { reaches: "local", sql: "delete from @s.version where version = $1" },
  makeStages: {
    reaches: "local",
    sql: `create table @s.stage_entity_@v (seq int not null, key bytea not null, fame float8, line text not null,
          sum int not null);
          create table @s.stage_token_@v (seq int not null, share smallint not null, token text not null)`,
  },
  dropStages: {
    reaches: "local",
    sql: "drop table if exists @s.stage_entity_@v, @s.stage_token_@v, @s.stage_name_@v, @s.stage_rank_@v",
  },
  stageEntities: { reaches: "local", sql: "copy @s.stage_entity_@v (seq, key, fame, line, sum) from stdin" },
  stageTokens: { reaches: "local", sql: "copy @s.stage_token_@v (seq, share, token) from stdin" },
  unstageEntities: { reaches: "local", sql: "delete from @s.stage_entity_@v where seq >= $1" },
  unstageTokens: { reaches: "local", sql: "delete from @s.stage_token_@v where seq >= $1" },
  countStaged: { reaches: "local", sql: "select count(*) as count from @s.stage_entity_@v" },
  stagedLines: {
    reaches: "local",
    sql: "declare lines no scroll cursor for select line from @s.stage_entity_@v order by key",
  },
  rank: {
    reaches: "local",
    sql: `drop table if exists @s.stage_rank_@v; create table @s.stage_rank_@v as select seq, key,
          (row_number() over (order by coalesce(fame, -1) desc, key) - 1)::int as number from @s.stage_entity_@v`,
  },
  makePartition: { reaches: "shape", sql: "create table @s.@t_@v partition of @s.@t for values in (@v)" },
  emptyPartition: { reaches: "shape", sql: "truncate @s.@t_@v" },
  dropPartition: { reaches: "shape", sql: "drop table if exists @s.@t_@v" },
  analyzePartition: { reaches: "shape", sql: "analyze @s.@t_@v" },
  indexTokens: { reaches: "shape", sql: "create index on @s.token_@v using gin (token @x.gin_trgm_ops)" },
  fillIds: {
    reaches: "rows",
    sql: "insert into @s.id (version, key, number) select @v, key, number from @s.stage_rank_@v order by key",
  },
  fillEntities: {
    reaches: "rows",
    sql: `insert into @s.entity (version, number, line, sum) select @v, number, line, sum
          from @s.stage_entity_@v join @s.stage_rank_@v using (seq) order by number`,
  },
  fillTokens: {
    reaches: "rows",
    sql: `insert into @s.token (version, token, entities) select @v, token, count(*)::int
          from @s.stage_token_@v group by token`,
  },
  fillPostings: {
    reaches: "rows",
    sql: `insert into @s.posting (version, token, part, entries, sum)
          select @v, token, part, entries, ('x' || left(md5(entries), 8))::bit(32)::int from (
          select token, (place / ${PART})::int as part,
          string_agg(int4send(number) || int2send(share), ''::bytea order by place) as entries
          from (select token, number, share, row_number() over (partition by token order by share desc, number) - 1 as place
                from @s.stage_token_@v join @s.stage_rank_@v using (seq)) as placed group by token, place / ${PART}) as parts`,
  },
  detach: { reaches: "each", sql: "delete from @s.attachment where version = $1 and name = $2" },
  attach: { reaches: "rows", sql: "copy @s.attachment (version, name, part, size, bytes, sum) from stdin" },
} as const satisfies Record<string, Statement>;

/** The values that replace the placeholders (`@s`, `@v`, …) in an import statement. */
export interface ImportPlace {
  readonly schema: string;
  /** The version to fill. Absent if the statement does not contain `@v`. */
  readonly version?: string;
  /** The partitioned table whose name replaces `@t` in the statement. */
  readonly table?: (typeof PARTITIONED)[number];
  /** The schema in which pg_trgm is installed. */
  readonly extension?: string;
}

/** Returns the text of a reading statement, given the schema of the tables and the schema of pg_trgm. */
export const statementText = (name: StatementName, schema: string, extension: string): string =>
  textOf(STATEMENTS[name], { schema, extension });

/** Returns the text of an import statement. */
export const importText = (name: keyof typeof IMPORT_STATEMENTS, place: ImportPlace): string =>
  textOf(IMPORT_STATEMENTS[name], place);

/** Returns whether a reading statement needs pg_trgm. */
export function needsTrigrams(name: StatementName): boolean {
  return STATEMENTS[name].sql.includes("@x.");
}

function textOf(
  { sql }: Statement,
  { schema, version = "", table = "entity", extension = "" }: ImportPlace,
): string {
  return sql
    .replaceAll("@t", table)
    .replaceAll("@v", version)
    .replaceAll("@s.", `"${schema}".`)
    .replaceAll("@x.", `"${extension}".`);
}

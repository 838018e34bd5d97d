import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { distributionStatements } from "../../src/kb/postgres/schema.js";
import {
  DISTRIBUTION,
  IMPORT_STATEMENTS,
  importText,
  STATEMENTS,
  type Statement,
  statementText,
} from "../../src/kb/postgres/statements.js";

const tables = Object.keys(DISTRIBUTION) as (keyof typeof DISTRIBUTION)[];
const ALL: Readonly<Record<string, Statement>> = { ...STATEMENTS, ...IMPORT_STATEMENTS };

/** The distributed tables that a statement names, directly or by a partition; `@t` matches all of them. */
const distributedIn = (sql: string) =>
  tables.filter((table) => new RegExp(`@s\\.(${table}|@t)(_@v)?(?![\\w@])`).test(sql));

/** Statements that may reach every shard, and why. */
const EVERY_SHARD: Readonly<Record<string, string>> = {
  page: "streams all entities in order of id",
  similarTokens: "similar words are not known in advance",
  beginningTokens: "words with a prefix are not known in advance",
  tokenPage: "streams all words",
  attachmentNames: "the number of attachments is unknown, and damage may have removed a part",
  detach: "the number of parts of an earlier attachment is unknown",
  makePartition: "every shard has a part of a partition",
  emptyPartition: "every shard has a part of a partition",
  dropPartition: "every shard has a part of a partition",
  analyzePartition: "every shard has a part of a partition",
  indexTokens: "every shard has a part of an index",
};

describe("the statements for a server", () => {
  for (const [name, { reaches, sql }] of Object.entries(ALL)) {
    it(`declare the shards that ${name} reaches (${reaches}) as Citus requires`, () => {
      const distributed = distributedIn(sql);
      expect(name in EVERY_SHARD).toBe(reaches === "each" || reaches === "shape");
      if (reaches === "local") return expect(distributed).toEqual([]);
      if (reaches === "shape")
        return expect(sql).toMatch(/^(create table|truncate|drop table|analyze|create index)\b/);
      expect(distributed.length).toBe(1);
      const column = DISTRIBUTION[distributed[0]!];
      if (reaches === "rows") {
        const [, into, columns = ""] = /^(?:insert into|copy) @s\.(\w+) \(([\w, ]+)\)/.exec(sql) ?? [];
        expect(into).toBe(distributed[0]);
        return expect(columns.split(", ")).toEqual(expect.arrayContaining(["version", column]));
      }
      expect(sql).not.toMatch(/\bjoin\b|\bin \(|,\s*@s\./i);
      const carried = new RegExp(`\\b${column} = (any\\()?\\$\\d`).test(sql);
      expect(carried).toBe(reaches === "one");
      expect(sql).toMatch(/version = \$1/);
    });
  }
  it("contain no values when they read", () => {
    for (const { sql } of Object.values(STATEMENTS)) expect(sql).not.toMatch(/'/);
    expect(statementText("tokens", "s", "x")).toContain('from "s".token');
    expect(statementText("similarTokens", "s", "x")).toContain('operator("x".%)');
    expect(importText("makePartition", { schema: "s", version: "7", table: "id" })).toBe(
      'create table "s".id_7 partition of "s".id for values in (7)',
    );
  });
  it("are the only ones that name a table of ours, besides migrations", () => {
    const folder = new URL("../../src/kb/postgres/", import.meta.url);
    const making = ["statements.ts", "migrations.ts", "schema.ts"];
    const others = readdirSync(folder).filter((file) => !making.includes(file));
    expect(others).toEqual(expect.arrayContaining(["import.ts", "session.ts", "stage.ts", "versions.ts"]));
    for (const file of others)
      expect(readFileSync(new URL(file, folder), "utf8"), file).not.toMatch(/"\$\{|schema\}"?\./);
  });
  it("include a call of Citus for each table", () => {
    expect(distributionStatements("mmel").map(({ table }) => table)).toEqual(
      tables.map((table) => `mmel.${table}`),
    );
  });
});

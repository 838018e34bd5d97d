import { describe, expect, it } from "vitest";
import { distributionStatements } from "../../src/kb/postgres/prepare.js";
import { DISTRIBUTION, STATEMENTS, statementText } from "../../src/kb/postgres/statements.js";

const tables = Object.keys(DISTRIBUTION) as (keyof typeof DISTRIBUTION)[];

/** The distributed tables that a statement names. */
const distributedIn = (sql: string) => tables.filter((table) => new RegExp(`@s\\.${table}\\b`).test(sql));

describe("the statements that read a server", () => {
  for (const [name, { reaches, sql }] of Object.entries(STATEMENTS)) {
    it(`${name} reaches ${reaches} as Citus can do it`, () => {
      const distributed = distributedIn(sql);
      if (reaches === "local") return expect(distributed).toEqual([]);
      expect(distributed.length).toBe(1);
      expect(sql).not.toMatch(/\bjoin\b|\bin \(|,\s*@s\./i);
      const column = DISTRIBUTION[distributed[0]!];
      const carried = new RegExp(`\\b${column} = (any\\()?\\$\\d`).test(sql);
      expect(carried).toBe(reaches === "one");
      expect(sql).toMatch(/version = \$1/);
    });
  }
  it("are the only places that name the tables for reading, and hold no value", () => {
    for (const { sql } of Object.values(STATEMENTS)) expect(sql).not.toMatch(/'/);
    expect(statementText("tokens", "s", "x")).toContain('from "s".token');
    expect(statementText("similarTokens", "s", "x")).toContain('operator("x".%)');
  });
  it("have a call of Citus for each table", () => {
    expect(distributionStatements("mmel").map(({ table }) => table)).toEqual(
      tables.map((table) => `mmel.${table}`),
    );
  });
});

import type { Client } from "pg";
import { MmelError } from "../../core/index.js";
import { assertUtf8 } from "../../postgres/encoding.js";
import { codeOf } from "../../postgres/errors.js";
import { LAYOUT, MIGRATIONS } from "./migrations.js";
import type { Target } from "./target.js";
import { missingTrigrams } from "./trigrams.js";

/**
 * Makes the tables or brings older ones to this program's layout, in one transaction that waits for another process's: safe
 * to run twice and by two at once. Does nothing when all is there. `KB_TOO_NEW`, `CONFIG` without pg_trgm or UTF-8.
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

/** What leads from a layout to the newest. */
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

/** The layout of the tables, 0 when there are none. */
async function layoutOf(client: Client, schema: string): Promise<number> {
  const table = await client.query("select to_regclass($1) is not null as there", [`"${schema}".layout`]);
  if (!table.rows[0].there) return 0;
  const { rows } = await client.query(`select number from "${schema}".layout`);
  return rows[0]?.number ?? 0;
}

/** `KB_TOO_NEW` for a layout that a later version made. */
export function assertNotNewer(layout: number, target: Target): void {
  if (layout <= LAYOUT) return;
  throw new MmelError("KB_TOO_NEW", {
    what: `the tables have layout ${layout}, made by a newer version of mmel`,
    where: target.shown,
    expected: `layout ${LAYOUT} or older`,
    hint: "npm install mmel@latest, or another ?schema=NAME",
  });
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
        "the database lacks the extension pg_trgm, and this role may not install it",
        target,
        { cause },
      );
    if (code === "0A000" || code === "58P01")
      throw missingTrigrams("the server has no extension pg_trgm to install", target, {
        first: INSTALL,
        cause,
      });
    throw cause;
  }
}

const INSTALL = "apt-get install postgresql-contrib on the server, then ";

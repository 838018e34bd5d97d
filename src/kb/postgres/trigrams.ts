import type { Client, Pool } from "pg";
import { MmelError } from "../../core/index.js";
import type { Target } from "./target.js";

/** The schema that pg_trgm is installed in. `CONFIG` when it is not. */
export async function extensionSchema(client: Client | Pool, target: Target): Promise<string> {
  const { rows } = await client.query(
    "select nspname from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'pg_trgm'",
  );
  if (rows.length === 0)
    throw missingTrigrams("the database lacks the extension pg_trgm, by which names are searched", target);
  return rows[0].nspname;
}

interface Absence {
  /** What has to be done before installing it. */
  readonly first?: string;
  readonly cause?: unknown;
}

/** `CONFIG`, with the statement that installs pg_trgm. */
export function missingTrigrams(
  what: string,
  target: Target,
  { first = "", cause }: Absence = {},
): MmelError {
  return new MmelError("CONFIG", {
    what,
    where: target.shown,
    expected: "the extension, which PostgreSQL's contrib package brings",
    hint: `${first}CREATE EXTENSION pg_trgm; in that database, by its owner`,
    cause,
  });
}

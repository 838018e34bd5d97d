import type { Client, Pool } from "pg";
import { missingTrigrams } from "./migrate.js";
import type { Target } from "./target.js";

/** The schema that pg_trgm is installed in. `CONFIG` when it is not. */
export async function extensionSchema(client: Client | Pool, target: Target): Promise<string> {
  const { rows } = await client.query(
    "select nspname from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = 'pg_trgm'",
  );
  if (rows.length === 0) throw missingTrigrams(target);
  return rows[0].nspname;
}

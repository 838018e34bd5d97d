import { MmelError } from "../core/index.js";

/** A function that runs a statement, such as the `query` of a `pg` client. */
type Query = (sql: string) => Promise<{ readonly rows: readonly unknown[] }>;

/**
 * Throws `CONFIG` unless the encoding of the database is UTF-8, because other encodings cannot represent every text.
 */
export async function assertUtf8(query: Query, where: string): Promise<void> {
  const { rows } = await query("show server_encoding");
  const [{ server_encoding: encoding }] = rows as [{ server_encoding: string }];
  if (encoding === "UTF8") return;
  throw new MmelError("CONFIG", {
    what: `the database stores text as ${encoding}`,
    where,
    expected: "a database that stores text as UTF-8",
    hint: "Create a database with `CREATE DATABASE NAME ENCODING 'UTF8' TEMPLATE template0`.",
  });
}

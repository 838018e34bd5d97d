import { MmelError } from "../core/index.js";

/** Runs a statement: a client of `pg`, or anything with the same `query`. */
type Query = (sql: string) => Promise<{ readonly rows: readonly unknown[] }>;

/** Throws `CONFIG` if the encoding of the database cannot represent every text. */
export async function assertUtf8(query: Query, where: string): Promise<void> {
  const { rows } = await query("show server_encoding");
  const [{ server_encoding: encoding }] = rows as [{ server_encoding: string }];
  if (encoding === "UTF8") return;
  throw new MmelError("CONFIG", {
    what: `the database stores text as ${encoding}`,
    where,
    expected: "a database in UTF-8",
    hint: "Create one with `CREATE DATABASE NAME ENCODING 'UTF8' TEMPLATE template0`.",
  });
}

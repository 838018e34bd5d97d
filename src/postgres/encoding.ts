import { MmelError } from "../core/index.js";

/** Asks a server; what `pg` and whatever stands before it have in common. */
type Ask = (sql: string) => Promise<{ readonly rows: readonly unknown[] }>;

/** `CONFIG` for a database whose encoding cannot hold every text. */
export async function assertUtf8(ask: Ask, where: string): Promise<void> {
  const { rows } = await ask("show server_encoding");
  const [{ server_encoding: encoding }] = rows as [{ server_encoding: string }];
  if (encoding === "UTF8") return;
  throw new MmelError("CONFIG", {
    what: `the database stores text as ${encoding}`,
    where,
    expected: "a database in UTF-8",
    hint: "CREATE DATABASE NAME ENCODING 'UTF8' TEMPLATE template0",
  });
}

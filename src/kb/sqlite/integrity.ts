import { pathToFileURL } from "node:url";
import { Database } from "./libsql.js";

/*
 * A program that runs SQLite's integrity check on the database in `argv[2]` and prints its findings, one per line, or "ok".
 * It is a process of its own, because the check cannot be interrupted.
 */

const [, , path = ""] = process.argv;
const database = new Database(`${pathToFileURL(path).href}?mode=ro&immutable=1`);
// Read as bytes, because libsql aborts the process if a text is not valid UTF-8.
const findings = database
  .prepare("select cast(integrity_check as blob) from pragma_integrity_check(20)")
  .raw()
  .all() as [Buffer][];
for (const [finding] of findings) console.log(finding.toString());
database.close();

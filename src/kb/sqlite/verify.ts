import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { BLOCK } from "../../core/blocks.js";
import { MmelError, throwIfAborted } from "../../core/index.js";
import { workerUrl } from "../../core/worker-channel.js";
import { createVersionHash } from "../content.js";
import type { Verification, VerifyOptions } from "../store.js";
import { damaged } from "./errors.js";
import { damageOf } from "./folder.js";
import { Database } from "./libsql.js";
import { DATABASE, type PublishedManifest, readManifest } from "./manifest.js";
import { createRowReader, type KeyedRow, pageAfter, pagesById } from "./rows.js";

/** Implements `StoreDriver.verify` for folders. */
export async function verifyFolder(target: string, options: VerifyOptions = {}): Promise<Verification> {
  const published = await readManifest(target);
  const { folder, files, ...manifest } = published;
  const place = join(target, folder);
  const damage = [...(await damageOfFiles(place, published, options))];
  const path = join(place, DATABASE);
  // Without its file or its first block, which describes the tables, SQLite cannot read the database.
  const unreadable = damage.some(
    ({ detail }) => detail.where === path || detail.where?.startsWith(`${path}, block 0 `),
  );
  if (!unreadable) damage.push(...(await damageOfRows(path, published, options)));
  if (damage.length === 0) damage.push(...(await damageOfStructure(path, options)));
  return {
    manifest,
    checked: [
      { what: "file", count: Object.keys(files).length },
      { what: "block", count: blocksIn(published) },
      { what: "entity", count: manifest.entities },
    ],
    damage,
  };
}

const blocksIn = ({ files }: PublishedManifest): number =>
  Object.values(files).reduce((sum, { bytes }) => sum + Math.ceil(bytes / BLOCK), 0);

async function damageOfFiles(
  place: string,
  published: PublishedManifest,
  { signal, onProgress }: VerifyOptions,
): Promise<readonly MmelError[]> {
  const total = blocksIn(published);
  let done = 0;
  const onBlock = (): void => {
    done++;
    onProgress?.({ stage: "blocks", done, total });
  };
  const found: MmelError[] = [];
  for (const [name, expected] of Object.entries(published.files))
    found.push(...(await damageOf(join(place, name), expected, { signal, onBlock })));
  return found;
}

/**
 * Reads all rows in order of id. Returns an error for each damaged row, or an error for the database if the rows together
 * are not the content that was imported.
 */
async function damageOfRows(
  path: string,
  { schema, entities, version }: PublishedManifest,
  { signal, onProgress }: VerifyOptions,
): Promise<readonly MmelError[]> {
  const found: MmelError[] = [];
  const content = createVersionHash();
  let done = 0;
  let last: Buffer = Buffer.alloc(0);
  let database: Database | undefined;
  try {
    database = new Database(`${pathToFileURL(path).href}?mode=ro&immutable=1`);
    const reader = createRowReader(database, path);
    const after = database.prepare(pageAfter(schema, "key")).raw();
    for (const page of pagesById((key) => after.all([key]) as KeyedRow[])) {
      throwIfAborted(signal);
      for (const row of page) {
        if (last.compare(row[3]) >= 0) throw reader.damagedRow(row[0], "the index of ids is not sorted");
        last = row[3];
        try {
          content.add(reader.keyedLine(row));
        } catch (error) {
          found.push(asDamage(error, path));
        }
      }
      done += page.length;
      onProgress?.({ stage: "entities", done, total: entities });
      await setImmediate();
    }
  } catch (error) {
    if (error instanceof MmelError && error.code === "ABORTED") throw error;
    return [...found, asDamage(error, path)];
  } finally {
    database?.close();
  }
  if (found.length > 0) return found;
  if (done !== entities) return [damaged(path, `it contains ${done} of ${entities} entities`)];
  return content.version() === version ? [] : [damaged(path, "its entities are not those of its version")];
}

const asDamage = (error: unknown, path: string): MmelError =>
  error instanceof MmelError
    ? error
    : damaged(path, error instanceof Error ? error.message : String(error), error);

const PROGRAM = workerUrl(import.meta.url, "integrity.js");

/** Runs SQLite's integrity check in a process of its own, which ends when the signal fires. */
async function damageOfStructure(
  path: string,
  { signal, onProgress }: VerifyOptions,
): Promise<readonly MmelError[]> {
  throwIfAborted(signal);
  onProgress?.({ stage: "integrity check", done: 0 });
  const program = fileURLToPath(PROGRAM);
  if (!existsSync(program))
    throw new MmelError("INTERNAL", {
      what: "the program for SQLite's integrity check is missing",
      where: program,
    });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, path], { signal });
    const findings = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("***")); // *** is a heading
    return findings.join() === "ok" ? [] : findings.map((finding) => damaged(path, finding));
  } catch (error) {
    throwIfAborted(signal);
    return [damaged(path, "SQLite's integrity check failed", error)];
  }
}

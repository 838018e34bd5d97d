import { rm } from "node:fs/promises";
import Database from "libsql";
import { hasId } from "./id-set.js";
import { forEachPair } from "./pairs.js";
import { chainOf, followRedirects } from "./redirects.js";
import type { SegmentFile } from "./segments.js";

/** The labels of the items that entities refer to. */
export interface LabelTable extends Disposable {
  labelOf(item: number): string | undefined;
}

export interface LabelFiles {
  /** Lines `31⇥Belgium`, and how many bytes of them count. */
  readonly labels: SegmentFile;
  /** Lines `1>31`. */
  readonly redirects: SegmentFile;
  /** Where the table is made. */
  readonly table: string;
}

/** Labels kept in memory: the occupations, places and languages that most entities share. */
const KEPT = 50_000;
const TAB = 0x09;

const FAST =
  "pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive; pragma cache_size = -32768;";

/** A table on disk of the labels of the needed items, found in files that hold those of all. The first label of an item counts. */
export async function createLabelTable(
  files: LabelFiles,
  needed: Map<number, Uint32Array>,
  signal?: AbortSignal,
): Promise<LabelTable> {
  const redirects = await followRedirects(files.redirects, needed, signal);
  await rm(files.table, { force: true });
  const database = new Database(files.table);
  try {
    database.exec(`${FAST} create table label (item integer primary key, text text not null); begin`);
    const insert = database.prepare("insert or ignore into label values (?, ?)");
    await forEachPair(files.labels, TAB, signal, (item, rest) => {
      if (hasId(needed, item)) insert.run(item, rest().toString("utf8"));
    });
    database.exec("commit");
  } catch (error) {
    database.close();
    throw error;
  }
  const select = database.prepare("select text from label where item = ?").raw();
  const find = (item: number): string | undefined => {
    for (const now of chainOf(item, redirects)) {
      const row = select.get([now]) as [text: string] | undefined;
      if (row !== undefined) return row[0];
    }
    return undefined;
  };
  return { labelOf: kept(find), [Symbol.dispose]: () => void database.close() };
}

/** A function that remembers its last answers, in two generations. */
function kept(find: (item: number) => string | undefined): (item: number) => string | undefined {
  let young = new Map<number, string | undefined>();
  let old = new Map<number, string | undefined>();
  return (item) => {
    if (young.has(item)) return young.get(item);
    const text = old.has(item) ? old.get(item) : find(item);
    if (young.size >= KEPT) [old, young] = [young, new Map()];
    young.set(item, text);
    return text;
  };
}

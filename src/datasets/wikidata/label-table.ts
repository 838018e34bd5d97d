import { open, rm } from "node:fs/promises";
import Database from "libsql";
import { throwIfAborted } from "../../core/index.js";
import { addId, hasId } from "./id-set.js";

/** The labels of the items that entities refer to. */
export interface LabelTable extends Disposable {
  labelOf(item: number): string | undefined;
}

export interface LabelFiles {
  /** Lines `31⇥Belgium`, and how many bytes of them count. */
  readonly labels: { readonly path: string; readonly length: number };
  /** Lines `1>31`. */
  readonly redirects: { readonly path: string; readonly length: number };
  /** Where the table is made. */
  readonly table: string;
}

/** Labels kept in memory: the occupations, places and languages that most entities share. */
const KEPT = 50_000;
/** How often a redirect leads to another one before it counts as leading nowhere. */
const MOST_REDIRECTS = 5;
const [TAB, ARROW] = [0x09, 0x3e];

const FAST =
  "pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive; pragma cache_size = -32768;";

/** A table on disk of the labels of the needed items, found in files that hold those of all. The first label of an item counts. */
export async function createLabelTable(
  files: LabelFiles,
  needed: Map<number, Uint32Array>,
  signal?: AbortSignal,
): Promise<LabelTable> {
  const redirects = await followRedirects(files, needed, signal);
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
    let now = item;
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      const row = select.get([now]) as [text: string] | undefined;
      if (row !== undefined) return row[0];
      const next = redirects.get(now);
      if (next === undefined) return undefined;
      now = next;
    }
    return undefined;
  };
  return { labelOf: kept(find), [Symbol.dispose]: () => void database.close() };
}

/** The redirects of needed items; what they lead to is needed too. */
async function followRedirects(
  { redirects }: LabelFiles,
  needed: Map<number, Uint32Array>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>();
  for (let hops = 0; hops < MOST_REDIRECTS; hops++) {
    const before = found.size;
    await forEachPair(redirects, ARROW, signal, (from, rest) => {
      if (!hasId(needed, from) || found.has(from)) return;
      found.set(from, Number(rest().toString("latin1")));
      addId(needed, found.get(from)!);
    });
    if (found.size === before) break;
  }
  return found;
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

/** Calls with the number that begins each line, and with what stands behind `separator` if asked for. */
async function forEachPair(
  { path, length }: { readonly path: string; readonly length: number },
  separator: number,
  signal: AbortSignal | undefined,
  each: (item: number, rest: () => Buffer) => void,
): Promise<void> {
  await using file = await open(path);
  const chunk = Buffer.allocUnsafe(1 << 20);
  let carried = 0;
  for (let position = 0; position < length; ) {
    throwIfAborted(signal);
    const room = Math.min(chunk.length - carried, length - position);
    const { bytesRead } = await file.read(chunk, carried, room, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const filled = carried + bytesRead;
    let start = 0;
    for (let feed = chunk.indexOf(0x0a); feed >= 0 && feed < filled; feed = chunk.indexOf(0x0a, start)) {
      const end = feed;
      let item = 0;
      let at = start;
      for (; at < end && chunk[at] !== separator; at++) item = 10 * item + chunk[at]! - 0x30;
      each(item, () => chunk.subarray(at + 1, end));
      start = end + 1;
    }
    chunk.copyWithin(0, start, filled);
    carried = filled - start;
  }
}

import { open, rm } from "node:fs/promises";
import { LRUCache } from "lru-cache";
import { throwIfAborted } from "../../core/index.js";
import { Database } from "../../kb/sqlite/libsql.js";
import { addId, hasId, type IdSet, numbersOf } from "./id-set.js";
import type { SegmentFile } from "./work-folder.js";

/** Finds the labels of the items that entities refer to. */
export interface LabelTable extends Disposable {
  labelOf(item: number): string | undefined;
}

export interface LabelFiles {
  /** File with one line per label: `31⇥Belgium`. */
  readonly labels: SegmentFile;
  /** File with one line per redirect: `1>31`. */
  readonly redirects: SegmentFile;
  /** Path of the database to create. */
  readonly table: string;
}

/** Number of labels to cache. Enough for the occupations, places and languages that most entities share. */
const CACHED_LABELS = 100_000;
const TAB = 0x09;

const FAST =
  "pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive; pragma cache_size = -32768;";

/**
 * Builds a database with the labels of the needed items. Reads them from the file with the labels of all items. If an
 * item has several labels, the first label is used. Adds the targets of redirects to `needed`.
 */
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
    for (const current of redirectChain(item, redirects)) {
      const row = select.get([current]) as [text: string] | undefined;
      if (row !== undefined) return row[0];
    }
    return undefined;
  };
  const cache = new LRUCache<number, { readonly label: string | undefined }>({
    max: CACHED_LABELS,
    memoMethod: (item) => ({ label: find(item) }),
  });
  return {
    labelOf: (item) => cache.memo(item).label,
    [Symbol.dispose]: () => void database.close(),
  };
}

/** An id in `WikidataSettings.ids` that redirects to another item. */
export interface Moved {
  readonly from: string;
  readonly to: string;
  /** Whether the target was imported. */
  readonly taken: boolean;
}

/** The items in the files that pass the filter. */
interface Found {
  /** Items that were imported. */
  readonly taken: IdSet;
  /** Items that were skipped because they have no usable label. */
  readonly unlabelled: IdSet;
}

/**
 * Returns the listed ids for which the files contain no item. `moved` contains the ids that are redirects, and
 * `notFound` contains the rest.
 */
export async function absentIds(
  listed: IdSet,
  { taken, unlabelled }: Found,
  redirects: SegmentFile,
  signal?: AbortSignal,
): Promise<{ readonly notFound: readonly string[]; readonly moved: readonly Moved[] }> {
  const absent = [...numbersOf(listed)].filter(
    (number) => !hasId(taken, number) && !hasId(unlabelled, number),
  );
  const wanted = new Map<number, Uint32Array>();
  for (const number of absent) addId(wanted, number);
  const targets = absent.length === 0 ? new Map() : await followRedirects(redirects, wanted, signal);
  const moved = absent
    .filter((number) => targets.has(number))
    .map((number) => {
      const target = [...redirectChain(number, targets)].at(-1)!;
      return { from: `Q${number}`, to: `Q${target}`, taken: hasId(taken, target) };
    });
  return { notFound: absent.filter((number) => !targets.has(number)).map((number) => `Q${number}`), moved };
}

/** Maps each redirected item to its direct target. */
type Redirects = ReadonlyMap<number, number>;

/** Maximum number of redirects to follow. Longer chains, which may be cycles, are cut off. */
const MAX_REDIRECTS = 5;
const GREATER_THAN = 0x3e;

/**
 * Reads the redirects of the items in `wanted` from a file with lines such as `1>31`. Follows redirects of their
 * targets too, and adds all targets to `wanted`.
 */
async function followRedirects(
  redirects: SegmentFile,
  wanted: Map<number, Uint32Array>,
  signal: AbortSignal | undefined,
): Promise<Redirects> {
  const found = new Map<number, number>();
  for (let hops = 0; hops < MAX_REDIRECTS; hops++) {
    const before = found.size;
    await forEachPair(redirects, GREATER_THAN, signal, (from, rest) => {
      if (!hasId(wanted, from) || found.has(from)) return;
      found.set(from, Number(rest().toString("latin1")));
      addId(wanted, found.get(from)!);
    });
    if (found.size === before) break;
  }
  return found;
}

/** Yields an item and then the items that it redirects to, in order. */
function* redirectChain(item: number, redirects: Redirects): Generator<number> {
  let current: number | undefined = item;
  for (let hops = 0; hops <= MAX_REDIRECTS && current !== undefined; hops++) {
    yield current;
    current = redirects.get(current);
  }
}

/**
 * Calls `visit` for each line of a file. Passes the number at the beginning of the line, and a function that returns
 * the bytes after `separator`.
 */
async function forEachPair(
  { path, length }: SegmentFile,
  separator: number,
  signal: AbortSignal | undefined,
  visit: (item: number, rest: () => Buffer) => void,
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
      let index = start;
      for (; index < end && chunk[index] !== separator; index++) item = 10 * item + chunk[index]! - 0x30;
      visit(item, () => chunk.subarray(index + 1, end));
      start = end + 1;
    }
    chunk.copyWithin(0, start, filled);
    carried = filled - start;
  }
}

import { type Entity, MmelError } from "../core/index.js";
import {
  changedFields,
  type EntityStore,
  type Manifest,
  type OpenOptions,
  openStore,
  pairById,
  SCHEMA,
  type SortedEntities,
  showTarget,
  sortEntities,
} from "../kb/index.js";
import { type ImportKbOptions, importKb } from "./import-kb.js";

/** Changes to a knowledge base. */
export interface KbUpdate {
  /**
   * Entities to store, in any order. An entity with an existing id replaces the stored entity; any other entity is
   * added. If several of these entities have the same id, only the first is used.
   */
  readonly entities: Iterable<Entity> | AsyncIterable<Entity>;
  /** Ids of the entities to remove; unknown ids are ignored. */
  readonly remove?: ReadonlySet<string>;
}

/**
 * Counts of the changes made by an update. `added + changed + unchanged` is the number of entities after the update,
 * and `changed + unchanged + removed` is the number before.
 */
export interface KbChanges {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  /** Number of ids in `remove` that did not exist in the knowledge base. */
  readonly notFound: number;
}

/**
 * Applies an update to the knowledge base at `target` as a new version. If neither an entity nor the name changes, the
 * current version stays, except that a version with an older layout is written again. Atomic, like `StoreDriver.import`. Memory use does not grow with the number of entities,
 * because they are sorted on disk. The ids to remove are held in memory (about 100 bytes each). Throws `KB_NOT_FOUND`
 * if there is no knowledge base at `target`, `FORMAT` if an id is both updated and removed, `KB_BUSY` if another import
 * is running or finishes first, and the errors of `importKb`.
 */
export async function updateKb(
  target: string,
  { entities, remove = new Set() }: KbUpdate,
  options: Omit<ImportKbOptions, "confirm"> = {},
): Promise<KbChanges & { readonly manifest: Manifest }> {
  const abort = { signal: options.signal };
  await using store = await openStore(target, abort);
  using update = await sortEntities(entities, options);
  const changes = await changesOf(store, update, remove);
  const name = options.name ?? store.manifest.name;
  const unchanged = changes.added + changes.changed + changes.removed === 0;
  const current = store.manifest.schema === SCHEMA;
  if (unchanged && current && name === store.manifest.name) return { manifest: store.manifest, ...changes };
  const keepsHalf = 2 * changes.removed <= store.manifest.entities;
  const manifest = await importKb(target, merged(store, update, remove, options.signal), {
    ...options,
    replace: (options.replace ?? true) || keepsHalf,
    name,
    confirm: () => assertStill(target, store.manifest, abort),
  });
  return { manifest, ...changes };
}

async function changesOf(
  store: EntityStore,
  update: SortedEntities,
  remove: ReadonlySet<string>,
): Promise<KbChanges> {
  let [added, changed] = [0, 0];
  for (const page of update.pages()) {
    const before = await store.getMany(page.map(({ id }) => id));
    for (const after of page) {
      if (remove.has(after.id)) throw contradictory(after.id);
      const found = before.get(after.id);
      if (found === undefined) added++;
      else if (changedFields(found, after).length > 0) changed++;
    }
  }
  const removed = await countFound(store, remove);
  const unchanged = store.manifest.entities - changed - removed;
  return { added, changed, unchanged, removed, notFound: remove.size - removed };
}

/** Number of ids per lookup. */
const LOOK_UP = 500;

async function countFound(store: EntityStore, ids: ReadonlySet<string>): Promise<number> {
  const all = [...ids];
  let found = 0;
  for (let start = 0; start < all.length; start += LOOK_UP)
    found += (await store.getMany(all.slice(start, start + LOOK_UP))).size;
  return found;
}

async function* merged(
  store: EntityStore,
  update: SortedEntities,
  remove: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Entity> {
  for await (const { before, after } of pairById(store.all(signal && { signal }), flat(update.pages()))) {
    if (after !== undefined) yield after;
    else if (!remove.has(before.id)) yield before;
  }
}

function* flat<T>(pages: Iterable<readonly T[]>): Generator<T> {
  for (const page of pages) yield* page;
}

/**
 * Throws `KB_BUSY` if another import has published a different version since the update was computed, because the
 * update would overwrite that version.
 */
async function assertStill(target: string, { version }: Manifest, abort: OpenOptions): Promise<void> {
  await using now = await openStore(target, abort);
  if (now.manifest.version === version) return;
  throw new MmelError("KB_BUSY", {
    what: "another import changed the knowledge base during this update",
    where: showTarget(target),
    hint: "Run the update again.",
  });
}

function contradictory(id: string): MmelError {
  return new MmelError("FORMAT", {
    what: `entity "${id}" is both updated and removed`,
    expected: "either an update or a removal",
    hint: "Remove the id from the update file or from the list of ids to remove.",
  });
}

import { type Entity, MmelError } from "../core/index.js";
import {
  changedFields,
  type EntityStore,
  type Manifest,
  type OpenOptions,
  openStore,
  pairById,
  type SortedEntities,
  showTarget,
  sortEntities,
} from "../kb/index.js";
import { type ImportKbOptions, importKb } from "./import-kb.js";

/** What changes in a knowledge base. */
export interface KbUpdate {
  /** New entities, and those that take the place of the one with their id; in any order. */
  readonly entities: Iterable<Entity> | AsyncIterable<Entity>;
  /** Ids of the entities that go; ids of no entity do no harm. */
  readonly remove?: ReadonlySet<string>;
}

/** `added + changed + unchanged` is what the knowledge base holds now, `changed + unchanged + removed` what it held. */
export interface KbChanges {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  /** Ids that were to go and were not there. */
  readonly notFound: number;
}

/**
 * Makes a new version of the knowledge base at `target` in which only what `update` names is different. Atomic, as
 * `StoreDriver.import`; without any change the current version stays. Memory is bounded: the entities are sorted on
 * disk, only the ids to remove are held (some 100 bytes each). `KB_NOT_FOUND`; `FORMAT` for an id that is given and to be
 * removed; `KB_BUSY` when another import became visible meanwhile.
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
  const idle = changes.added + changes.changed + changes.removed === 0;
  if (idle && name === store.manifest.name) return { manifest: store.manifest, ...changes };
  const manifest = await importKb(target, merged(store, update, remove, options.signal), {
    ...options,
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

const LOOK_UP = 500;

async function countFound(store: EntityStore, ids: ReadonlySet<string>): Promise<number> {
  const all = [...ids];
  let found = 0;
  for (let at = 0; at < all.length; at += LOOK_UP)
    found += (await store.getMany(all.slice(at, at + LOOK_UP))).size;
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

/** An update is computed from one version; it must not undo what another import has made visible since. */
async function assertStill(target: string, { version }: Manifest, abort: OpenOptions): Promise<void> {
  await using now = await openStore(target, abort);
  if (now.manifest.version === version) return;
  throw new MmelError("KB_BUSY", {
    what: "another import changed the knowledge base while this update was made",
    where: showTarget(target),
    hint: "the update again",
  });
}

function contradictory(id: string): MmelError {
  return new MmelError("FORMAT", {
    what: `entity "${id}" is both given and to be removed`,
    expected: "one of the two",
    hint: "the update without one of them",
  });
}

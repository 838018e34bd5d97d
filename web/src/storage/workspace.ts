import { type Cursor, EMPTY, type Item, type Linking, type NewEntity, type State } from "../review/index.js";
import { inTransaction, resultOf } from "./database.js";

/** A stored caption. */
interface Row {
  readonly item: Item;
  readonly linking: Linking | undefined;
}

interface Meta {
  readonly order: readonly string[];
  readonly cursor: Cursor | undefined;
  /** Absent in work that an earlier version of the page saved. */
  readonly additions?: readonly NewEntity[];
}

/** Loads the saved captions, decisions, links and pictures. The undo history is not saved. */
export async function load(db: IDBDatabase): Promise<{ state: State; pictures: Map<string, Blob> }> {
  const transaction = db.transaction(["items", "meta", "pictures"], "readonly");
  const pictureStore = transaction.objectStore("pictures");
  const [rows, meta, keys, blobs] = await Promise.all([
    resultOf<Row[]>(transaction.objectStore("items").getAll()),
    resultOf<Meta | undefined>(transaction.objectStore("meta").get("work")),
    resultOf(pictureStore.getAllKeys()),
    resultOf<Blob[]>(pictureStore.getAll()),
  ]);
  const byId = new Map(rows.map((row) => [row.item.id, row]));
  const ordered = (meta?.order ?? []).flatMap((id) => byId.get(id) ?? []);
  const linkings = new Map(ordered.map(({ item, linking }) => [item.id, resumeLinking(item, linking)]));
  const items = ordered.map(({ item }) => item);
  const cursor = items.some(({ id }) => id === meta?.cursor?.item) ? meta?.cursor : firstOf(items);
  return {
    state: { ...EMPTY, items, linkings, cursor, additions: meta?.additions ?? [] },
    pictures: new Map(blobs.map((blob, index) => [String(keys[index]), blob])),
  };
}

const firstOf = ([first]: readonly Item[]): Cursor | undefined => first && { item: first.id, mark: 0 };

/**
 * Returns the linking for a loaded caption. If a request was running when the page was closed, the caption waits for
 * links again.
 */
function resumeLinking({ marks }: Item, linking: Linking | undefined): Linking {
  if (linking === undefined) return { status: "waiting", detect: marks.length === 0 };
  return linking.status === "done" ? linking : { ...linking, status: "waiting" };
}

/** Writes all changes since the state `saved` in one transaction. If the tab closes, at most the last step is lost. */
export function save(db: IDBDatabase, state: State, saved: State): Promise<void> {
  return inTransaction(db, ["items", "meta"], "readwrite", (transaction) => {
    const rows = transaction.objectStore("items");
    const before = new Map(saved.items.map((item) => [item.id, item]));
    for (const item of state.items) {
      const linking = state.linkings.get(item.id);
      if (before.get(item.id) !== item || saved.linkings.get(item.id) !== linking) {
        rows.put({ item, linking } satisfies Row);
      }
      before.delete(item.id);
    }
    for (const id of before.keys()) rows.delete(id);
    const order = state.items.map(({ id }) => id);
    const { cursor, additions } = state;
    transaction.objectStore("meta").put({ order, cursor, additions } satisfies Meta, "work");
  });
}

/** Saves the picture of a caption, or deletes the saved picture if `picture` is undefined. `id` is the caption's id. */
export const savePicture = (db: IDBDatabase, id: string, picture: Blob | undefined): Promise<unknown> =>
  inTransaction(db, ["pictures"], "readwrite", (transaction) => {
    const pictures = transaction.objectStore("pictures");
    return picture === undefined ? pictures.delete(id) : pictures.put(picture, id);
  });

export const deletePictures = (db: IDBDatabase): Promise<unknown> =>
  inTransaction(db, ["pictures"], "readwrite", (transaction) => transaction.objectStore("pictures").clear());

import { type Cursor, EMPTY, type Item, type Linking, type State } from "../review/index.js";
import { answerOf, inTransaction } from "./database.js";

/** One caption as it is kept. */
interface Row {
  readonly item: Item;
  readonly linking: Linking | undefined;
}

interface Meta {
  readonly order: readonly string[];
  readonly cursor: Cursor | undefined;
}

/** The work that was left here, and the pictures that belong to it; the steps that undo goes back over are not kept. */
export async function load(db: IDBDatabase): Promise<{ state: State; pictures: Map<string, Blob> }> {
  const transaction = db.transaction(["items", "meta", "pictures"], "readonly");
  const pictureStore = transaction.objectStore("pictures");
  const [rows, meta, keys, blobs] = await Promise.all([
    answerOf<Row[]>(transaction.objectStore("items").getAll()),
    answerOf<Meta | undefined>(transaction.objectStore("meta").get("work")),
    answerOf(pictureStore.getAllKeys()),
    answerOf<Blob[]>(pictureStore.getAll()),
  ]);
  const byId = new Map(rows.map((row) => [row.item.id, row]));
  const ordered = (meta?.order ?? []).flatMap((id) => byId.get(id) ?? []);
  const linkings = new Map(ordered.map(({ item, linking }) => [item.id, resumed(item, linking)]));
  const items = ordered.map(({ item }) => item);
  const cursor = items.some(({ id }) => id === meta?.cursor?.item) ? meta?.cursor : firstOf(items);
  return {
    state: { ...EMPTY, items, linkings, cursor },
    pictures: new Map(blobs.map((blob, at) => [String(keys[at]), blob])),
  };
}

const firstOf = ([first]: readonly Item[]): Cursor | undefined => first && { item: first.id, mark: 0 };

/** What was being linked when the page closed is asked again. */
function resumed({ marks }: Item, linking: Linking | undefined): Linking {
  if (linking === undefined) return { status: "waiting", detect: marks.length === 0 };
  return linking.status === "done" ? linking : { ...linking, status: "waiting" };
}

/** Writes what changed since `saved`, in one transaction: a closed tab loses nothing, or only the last step. */
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
    transaction.objectStore("meta").put({ order, cursor: state.cursor } satisfies Meta, "work");
  });
}

/** Keeps a picture; `undefined` forgets it. */
export const savePicture = (db: IDBDatabase, id: string, picture: Blob | undefined): Promise<unknown> =>
  inTransaction(db, ["pictures"], "readwrite", (transaction) => {
    const pictures = transaction.objectStore("pictures");
    return picture === undefined ? pictures.delete(id) : pictures.put(picture, id);
  });

export const forgetPictures = (db: IDBDatabase): Promise<unknown> =>
  inTransaction(db, ["pictures"], "readwrite", (transaction) => transaction.objectStore("pictures").clear());

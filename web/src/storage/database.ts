/** Version of the layout below; each has a row in `UPGRADES`. */
const VERSION = 1;
const NAME = "mmel-review";

/** What each version adds to the one before. */
const UPGRADES: readonly ((db: IDBDatabase) => void)[] = [
  (db) => {
    db.createObjectStore("items", { keyPath: "item.id" });
    db.createObjectStore("pictures");
    db.createObjectStore("meta");
  },
];

/** Opens the browser's own database. `onOutdated` is called when another tab needs a newer layout. */
export function openDatabase(onOutdated: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const upgrade of UPGRADES.slice(oldVersion)) upgrade(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds an older version of this page open"));
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = () => {
        db.close();
        onOutdated();
      };
      resolve(db);
    };
  });
}

/** Runs `work` in one transaction and waits until it is on disk. */
export function inTransaction<T>(
  db: IDBDatabase,
  stores: readonly string[],
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction([...stores], mode);
    transaction.onabort = () => reject(transaction.error ?? new DOMException("the transaction was aborted"));
    const result = work(transaction);
    transaction.commit(); // needs nothing more of the page, which may be closing
    transaction.oncomplete = () => resolve(result);
  });
}

export const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

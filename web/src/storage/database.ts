/** Current version of the database layout. `UPGRADES` has one function for each version. */
const VERSION = 1;
const NAME = "mmel-review";

/** Functions that upgrade the layout, in order. Each function upgrades it by one version. */
const UPGRADES: readonly ((db: IDBDatabase) => void)[] = [
  (db) => {
    db.createObjectStore("items", { keyPath: "item.id" });
    db.createObjectStore("pictures");
    db.createObjectStore("meta");
  },
];

/**
 * Opens the database in this browser. When another tab needs a newer layout, closes the database and calls
 * `onOutdated`.
 */
export function openDatabase(onOutdated: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const upgrade of UPGRADES.slice(oldVersion)) upgrade(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("an older version of this page is open in another tab"));
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

/** Runs `work` in one transaction and returns its result when the transaction is committed. */
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
    transaction.commit(); // completes even if the page is closing
    transaction.oncomplete = () => resolve(result);
  });
}

/** Waits for a database request and returns its result. */
export const resultOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const LOCK = "mmel-review";

/**
 * Acquires the lock that a tab needs for writing, and returns whether this tab has the lock. Returns false if another
 * tab holds the lock. With `takeOver`, takes the lock from the other tab and returns true. If another tab takes the
 * lock later, calls `onLost`.
 *
 * Browsers do not support locks on pages that are served over plain HTTP from another machine. Without locks, returns
 * true, and every tab may write.
 */
export function holdLock(onLost: () => void, takeOver = false): Promise<boolean> {
  if (navigator.locks === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks
      .request(LOCK, takeOver ? { steal: true } : { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<never>(() => {}); // held until the tab closes
      })
      .catch(onLost);
  });
}

const LOCK = "mmel-review";

/**
 * Whether this tab may write the work: only one at a time may, or they would overwrite each other. `onLost` is called
 * when another tab takes over. Where the browser has no locks (plain HTTP from another machine) every tab may.
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

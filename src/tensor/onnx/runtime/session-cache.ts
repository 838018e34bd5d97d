import type { Session } from "./session.js";

export interface CacheBounds {
  /** Number of sessions kept open; default: 8. */
  readonly maxSessions?: number | undefined;
  /**
   * Upper bound for their estimated total memory; default: 1.5 GiB. The session in use stays open even if it exceeds
   * the bound on its own.
   */
  readonly maxSessionBytes?: number | undefined;
}

interface Entry {
  readonly session: Session;
  readonly bytes: number;
}

/**
 * Open sessions by key, least recently used closed first. Not an `lru-cache`: old sessions must be released, which is
 * asynchronous, before a new one is opened, or peak memory would hold both; and one session may exceed the byte bound.
 */
export interface SessionCache extends AsyncDisposable {
  readonly size: number;
  /** Returns the session of a key, opening it if necessary. */
  get(key: string, bytes: number, open: () => Promise<Session>): Promise<Session>;
  /** Closes the sessions whose key is selected. */
  drop(select: (key: string) => boolean): Promise<void>;
}

export function createSessionCache(bounds: CacheBounds = {}): SessionCache {
  const { maxSessions = 8, maxSessionBytes = 1.5 * 2 ** 30 } = bounds;
  /** Least recently used first. */
  const entries = new Map<string, Entry>();
  const total = () => [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  const close = async (key: string): Promise<void> => {
    const entry = entries.get(key);
    entries.delete(key);
    await entry?.session[Symbol.asyncDispose]();
  };
  const drop = async (select: (key: string) => boolean): Promise<void> => {
    for (const key of [...entries.keys()].filter(select)) await close(key);
  };
  const makeRoom = async (bytes: number): Promise<void> => {
    for (const key of [...entries.keys()]) {
      if (entries.size < maxSessions && total() + bytes <= maxSessionBytes) return;
      await close(key);
    }
  };

  return {
    get size() {
      return entries.size;
    },
    async get(key, bytes, open) {
      const known = entries.get(key);
      if (known === undefined) await makeRoom(bytes);
      const entry = known ?? { session: await open(), bytes };
      entries.delete(key);
      entries.set(key, entry);
      return entry.session;
    },
    drop,
    [Symbol.asyncDispose]: () => drop(() => true),
  };
}

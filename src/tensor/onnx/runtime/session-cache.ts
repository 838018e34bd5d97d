import type { Session } from "./session.js";

export interface CacheBounds {
  /** Maximum number of open sessions; default: 8. */
  readonly maxSessions?: number | undefined;
  /**
   * Maximum estimated memory of all open sessions in bytes; default: 1.5 GiB. The session in use stays open even if it
   * exceeds the limit on its own.
   */
  readonly maxSessionBytes?: number | undefined;
}

interface Entry {
  readonly session: Session;
  readonly bytes: number;
}

/**
 * A cache of open sessions that closes the least recently used sessions first. There are two reasons not to use
 * `lru-cache`. First, closing a session is asynchronous and must finish before the next session opens; otherwise peak
 * memory would include both. Second, a single session may exceed the memory limit.
 */
export interface SessionCache extends AsyncDisposable {
  readonly size: number;
  /** Returns the session for a key, and opens it if necessary. `bytes` is the session's estimated memory. */
  get(key: string, bytes: number, open: () => Promise<Session>): Promise<Session>;
  /** Closes the sessions for which `select(key)` returns true. */
  drop(select: (key: string) => boolean): Promise<void>;
}

export function createSessionCache(bounds: CacheBounds = {}): SessionCache {
  const { maxSessions = 8, maxSessionBytes = 1.5 * 2 ** 30 } = bounds;
  /** Open sessions by key, the least recently used first. */
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

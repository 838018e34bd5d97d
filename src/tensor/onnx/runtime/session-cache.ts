import type { Session } from "./session.js";

export interface CacheBounds {
  /** How many sessions stay open (8). */
  readonly maxSessions?: number | undefined;
  /** How many bytes their programs estimate together (1.5 GiB). The session in use stays even when it alone exceeds them. */
  readonly maxSessionBytes?: number | undefined;
}

interface Entry {
  readonly session: Session;
  readonly bytes: number;
}

/** Open sessions by key; the least recently used are closed when there are too many or they take too much. */
export interface SessionCache extends AsyncDisposable {
  readonly size: number;
  /** The session of a key, opened when it is not. */
  get(key: string, bytes: number, open: () => Promise<Session>): Promise<Session>;
  /** Closes those whose key is selected. */
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

import { MmelError } from "../core/index.js";
import { currentManifest, type EntityStore, openStore } from "../kb/index.js";
import type { Linker } from "../linker/index.js";
import type { LinkQueue } from "./link-queue.js";

/** One version of the knowledge base, open for requests. */
export interface KbVersion {
  /** `NAME@VERSION` of the knowledge base. */
  readonly kb: string;
  readonly store: EntityStore;
  readonly linker: Linker;
  /** The queue of the captions that are linked with this version. */
  readonly queue: LinkQueue;
}

/** A version that stays open at least until the lease is disposed. */
export interface Lease extends KbVersion, Disposable {
  /** Keeps this version open until the result is disposed, even if the lease is disposed earlier. */
  readonly hold: () => Disposable;
}

/** The result of looking for a new version. */
export interface Reloaded {
  /** `NAME@VERSION` that new requests use. */
  readonly kb: string;
  /** `NAME@VERSION` that was replaced; absent if there is no new version. */
  readonly previous?: string;
}

/** The knowledge base of a running service, whose current version can be replaced. */
export interface Knowledge extends AsyncDisposable {
  readonly current: () => KbVersion;
  /** Returns the current version, and keeps it open until the lease is disposed. */
  lease(): Lease;
  /**
   * Opens the newest version of the knowledge base if it is not the current one, and makes it current. The previous
   * version is closed when its last lease is disposed. Calls are carried out one after the other. Throws the errors of
   * opening the knowledge base, and `BUSY` during shutdown; the current version then stays.
   */
  reload(): Promise<Reloaded>;
  /** Returns the versions that are open: the current one, and those that unfinished requests use. */
  readonly open: () => readonly KbVersion[];
}

/** Opens the linker of a version and its queue. They are closed before the store. */
export type Link = (store: EntityStore) => Promise<Pick<KbVersion, "linker" | "queue">>;

/**
 * Opens the current version of the knowledge base at `target`, a folder or a `postgres://` URL. Throws the errors of
 * `openStore` and of `link`.
 */
export async function openKnowledge(target: string, link: Link): Promise<Knowledge> {
  const openVersion = async (): Promise<KbVersion> => {
    const store = await openStore(target);
    try {
      return { kb: nameOf(store.manifest), store, ...(await link(store)) };
    } catch (error) {
      await store.close();
      throw error;
    }
  };
  let current = await openVersion();
  const users = new Map<KbVersion, number>([[current, 0]]);
  let closing = false;
  let reloading: Promise<unknown> = Promise.resolve();
  const closings = new Set<Promise<void>>();

  const closeIfUnused = (version: KbVersion): void => {
    if (version === current || users.get(version) !== 0) return;
    users.delete(version);
    const closed = close(version);
    closings.add(closed);
    closed.then(
      () => closings.delete(closed),
      () => {}, // thrown when the knowledge base is closed
    );
  };
  const heldBy = (version: KbVersion): Disposable => {
    let held = true;
    users.set(version, users.get(version)! + 1);
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        users.set(version, users.get(version)! - 1);
        closeIfUnused(version);
      },
    };
  };
  const replace = async (): Promise<Reloaded> => {
    if (closing) throw new MmelError("BUSY", { what: "the service is shutting down" });
    if (nameOf(await currentManifest(target)) === current.kb) return { kb: current.kb };
    const opened = await openVersion();
    const previous = current;
    if (closing || opened.kb === previous.kb) {
      await close(opened);
      return { kb: previous.kb };
    }
    users.set(opened, 0);
    current = opened;
    closeIfUnused(previous);
    return { kb: opened.kb, previous: previous.kb };
  };
  return {
    current: () => current,
    open: () => [...users.keys()],
    lease() {
      const version = current;
      const hold = (): Disposable => heldBy(version);
      return { ...version, hold, ...hold() };
    },
    reload() {
      const result = reloading.then(replace);
      reloading = result.catch(() => {});
      return result;
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      await reloading;
      await Promise.all([...closings, ...[...users.keys()].map(close)]);
    },
  };
}

const nameOf = ({ name, version }: { name: string; version: string }): string => `${name}@${version}`;

/** Waits for the captions of a version that are still queued, and closes the version. */
async function close({ queue, linker, store }: KbVersion): Promise<void> {
  await queue.close();
  await linker.close();
  await store.close();
}

import { MmelError } from "../../core/index.js";
import {
  type KbVersion,
  type Knowledge,
  type Lease,
  type Link,
  openKnowledge,
  type Reloaded,
} from "../knowledge.js";

/** A knowledge base under the name by which requests choose it (`?catalogue=NAME`). */
export interface NamedBase {
  readonly name: string;
  /** A folder or a `postgres://` URL. */
  readonly target: string;
}

/** An open version, for metrics. */
export interface OpenVersion extends KbVersion {
  /** Whether new requests use this version. */
  readonly isCurrent: boolean;
}

/** A version of a catalogue that stays open at least until the lease is disposed. */
export interface CatalogueLease extends Lease {
  /** Name of the catalogue. */
  readonly catalogue: string;
}

/**
 * The knowledge bases of a running service: the default, which is always open, and the others, which are opened when a
 * request chooses them. This is the only owner of open linkers.
 */
export interface Catalogues extends AsyncDisposable {
  readonly defaultName: string;
  /** Returns the current version of the default. */
  readonly current: () => KbVersion;
  /**
   * Returns the current version of a catalogue (default: the default), and keeps it open until the lease is disposed.
   * Opens the catalogue if necessary; if too many are then open, closes the one that has not been used for the longest
   * time. Throws `NOT_FOUND` if there is no such catalogue, `BUSY` if too many others are in use, and the errors of
   * `openKnowledge`.
   */
  lease(name?: string): Promise<CatalogueLease>;
  /** Returns all open versions. */
  readonly open: () => readonly OpenVersion[];
  /** Returns the `NAME@VERSION` that new requests use, by the name of each open catalogue. */
  readonly inUse: () => ReadonlyMap<string, string>;
  /** Reloads a catalogue (see `Knowledge.reload`). Returns undefined if it is not open. */
  reload(name: string): Promise<Reloaded | undefined>;
  /** Closes a catalogue, other than the default, as soon as no request uses it. New requests open it again. */
  close(name: string): void;
}

export interface CataloguesOptions {
  readonly link: Link;
  /** Returns the folder or URL of a catalogue other than the default; undefined if there is none with this name. */
  readonly find: (name: string) => Promise<string | undefined>;
  /** Maximum number of open catalogues besides the default. */
  readonly maxOpen: number;
}

interface Entry {
  readonly name: string;
  readonly opening: Promise<Knowledge>;
  /** Absent until it is open. */
  knowledge?: Knowledge;
  /** Number of leases, and of requests that wait until the catalogue is open. */
  users: number;
  /** Whether to close the catalogue as soon as nobody uses it. */
  isRetired: boolean;
}

/** Opens the default. Throws the errors of `openKnowledge`. */
export async function openCatalogues(
  { name: defaultName, target }: NamedBase,
  { link, find, maxOpen }: CataloguesOptions,
): Promise<Catalogues> {
  const first = await openKnowledge(target, link);
  const entries = new Map<string, Entry>(); // those that new requests may use, the least recently used first
  const all = new Set<Entry>();
  const closings = new Set<Promise<void>>();

  const closeIfUnused = (entry: Entry): void => {
    if (!entry.isRetired || entry.users > 0 || !all.delete(entry)) return;
    const closed = closeEntry(entry);
    closings.add(closed);
    closed.then(
      () => closings.delete(closed),
      () => {}, // thrown when the service is closed
    );
  };
  const retire = (entry: Entry): void => {
    if (entries.get(entry.name) === entry) entries.delete(entry.name);
    entry.isRetired = true;
    closeIfUnused(entry);
  };
  const makeRoom = (): void => {
    while (entries.size >= maxOpen) {
      const unused = [...entries.values()].find(({ users }) => users === 0);
      if (unused === undefined) throw tooMany(maxOpen);
      retire(unused);
    }
  };
  const add = (name: string, target: string): Entry => {
    makeRoom();
    const opening = openKnowledge(target, link);
    const entry: Entry = { name, opening, users: 0, isRetired: false };
    opening.then(
      (knowledge) => {
        entry.knowledge = knowledge;
      },
      () => retire(entry),
    );
    all.add(entry);
    return entry;
  };
  const use = async (name: string): Promise<Entry> => {
    const known = entries.get(name);
    const target = known === undefined ? await find(name) : undefined;
    const entry = known ?? entries.get(name) ?? (target === undefined ? undefined : add(name, target));
    if (entry === undefined) throw catalogueNotFound(name);
    entries.delete(name);
    entries.set(name, entry);
    return entry;
  };
  const heldBy = (entry: Entry, inner: Disposable): Disposable => {
    let held = true;
    entry.users += 1;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        inner[Symbol.dispose]();
        entry.users -= 1;
        closeIfUnused(entry);
      },
    };
  };
  const leaseOf = async (name: string): Promise<CatalogueLease> => {
    const entry = await use(name);
    using _waiting = heldBy(entry, { [Symbol.dispose]: () => {} });
    const lease = (await entry.opening).lease();
    return { ...lease, catalogue: name, hold: () => heldBy(entry, lease.hold()), ...heldBy(entry, lease) };
  };
  const knowledges = (): readonly Knowledge[] => [
    ...[...all].flatMap(({ knowledge }) => knowledge ?? []),
    first,
  ];
  return {
    defaultName,
    current: first.current,
    lease: async (name = defaultName) =>
      name === defaultName ? { ...first.lease(), catalogue: name } : await leaseOf(name),
    open: () =>
      knowledges().flatMap((knowledge) => {
        const current = knowledge.current();
        return knowledge.open().map((version) => ({ ...version, isCurrent: version === current }));
      }),
    inUse: () =>
      new Map([
        [defaultName, first.current().kb],
        ...[...entries.values()].flatMap(({ name, knowledge }): [string, string][] =>
          knowledge === undefined ? [] : [[name, knowledge.current().kb]],
        ),
      ]),
    async reload(name) {
      if (name === defaultName) return await first.reload();
      const entry = entries.get(name);
      return entry && (await (await entry.opening).reload());
    },
    close(name) {
      const entry = entries.get(name);
      if (entry !== undefined) retire(entry);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...closings, ...[...all].map(closeEntry), first[Symbol.asyncDispose]()]);
    },
  };
}

/** Closes a catalogue; one that could not be opened has nothing to close. */
async function closeEntry({ opening }: Entry): Promise<void> {
  const knowledge = await opening.catch(() => undefined);
  await knowledge?.[Symbol.asyncDispose]();
}

export const catalogueNotFound = (name: string): MmelError =>
  new MmelError("NOT_FOUND", {
    what: "there is no such catalogue",
    where: JSON.stringify(name),
    hint: "Choose one of the names that `GET /v1/catalogues` lists.",
  });

const tooMany = (maxOpen: number): MmelError =>
  new MmelError("BUSY", {
    what: `${maxOpen} other catalogues are in use`,
    hint: "Retry when their requests are answered.",
  });

import type { Entity } from "../core/index.js";

/** Description of a knowledge base. */
export interface Manifest {
  /** Set at import; default the name of the folder. */
  readonly name: string;
  /** Hash of the content: the same entities give the same version, regardless of their order at import. */
  readonly version: string;
  /** Version of the layout on disk or in the database. */
  readonly schema: number;
  readonly entities: number;
  /** Number of labels and aliases. */
  readonly names: number;
}

/** A result of a search by name (`kb search`); linking uses the index in `candidates/` instead. */
export interface NameHit {
  readonly entity: Entity;
  readonly name: string;
  /** In [0, 1]; 1 if the names are the same after folding. */
  readonly score: number;
}

/**
 * An open knowledge base: one complete version, which does not change until `close`. An id is any non-empty string of up to
 * `MAX_ID_LENGTH` code units. Every driver passes `test/kb/store-contract.ts`.
 */
export interface EntityStore extends AsyncDisposable {
  readonly manifest: Manifest;
  /** Folder of this version, with the files that `ImportOptions.finish` wrote; absent if the driver stores no files. */
  readonly folder?: string;
  /**
   * Reads what `ImportOptions.finish` attached to this version on a server into a new buffer; undefined if there is no
   * attachment with that name. Absent if there is a `folder`.
   */
  readonly attachment?: (name: string) => Promise<ArrayBuffer | undefined>;
  /** The entities by id; ids that do not exist are missing from the map. */
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Entity>>;
  /** Entities whose label or an alias is similar to `name`, each once with its best name, best first (default limit 10). */
  searchNames(name: string, options?: { limit?: number }): Promise<readonly NameHit[]>;
  /** All entities in order of id (code units), streamed. */
  all(options?: { signal?: AbortSignal }): AsyncIterable<Entity>;
  close(): Promise<void>;
}

/** Where `ImportOptions.finish` stores its data: in the folder of the version, or in pieces on the server. */
export type Place =
  | { readonly kind: "folder"; readonly folder: string }
  | {
      readonly kind: "server";
      readonly attach: (name: string, pieces: readonly Uint8Array[]) => Promise<void>;
    };

export interface ImportOptions {
  readonly name?: string;
  readonly signal?: AbortSignal;
  /** Called at intervals with the number of entities stored so far. */
  readonly onProgress?: (entities: number) => void;
  /** Called with the id of each duplicate that is dropped; the first entity with an id wins. */
  readonly onDuplicate?: (id: string) => void;
  /**
   * Creates data that belong to a version, such as the candidate index. Runs after all entities are stored and before readers
   * can see the version.
   */
  readonly finish?: (store: EntityStore, place: Place) => Promise<void>;
}

export interface OpenOptions {
  /** Aborts waits for a server, now and later, with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

/** A kind of storage for knowledge bases. */
export interface StoreDriver {
  /**
   * Opens the newest complete version. Throws `KB_NOT_FOUND`, `KB_DAMAGED`, `KB_TOO_NEW`, `FILE_UNREADABLE`, and for a server
   * `KB_UNAVAILABLE` and `KB_DENIED`.
   */
  open(target: string, options?: OpenOptions): Promise<EntityStore>;
  /**
   * Imports entities as a new version, in bounded memory. Atomic: readers see the old version until the new one is complete,
   * and a failed or killed import leaves the old version unchanged. Rethrows errors of the iterator and the callbacks; throws
   * `ABORTED`, `ENTITY_INVALID`, `FILE_UNWRITABLE`, `KB_TOO_NEW`, and `KB_BUSY` if another import into the target is
   * running.
   */
  import(
    target: string,
    entities: Iterable<Entity> | AsyncIterable<Entity>,
    options?: ImportOptions,
  ): Promise<Manifest>;
}

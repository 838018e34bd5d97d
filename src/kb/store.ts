import type { Entity, MmelError } from "../core/index.js";

/** Metadata of a knowledge base. */
export interface Manifest {
  /** Name given at import. Default: the name of the folder or, on a server, the parameter `kb` of the URL. */
  readonly name: string;
  /** Hash of the content. The same entities result in the same version, regardless of their order at import. */
  readonly version: string;
  /** Version of the format in which the entities are stored; see `SCHEMA`. */
  readonly schema: number;
  readonly entities: number;
  /** Number of labels and aliases. */
  readonly names: number;
}

/** A result of a name search (`mmel kb search`). Linking uses the index in `src/candidates` instead. */
export interface NameHit {
  readonly entity: Entity;
  readonly name: string;
  /** Similarity of the name to the query, in [0, 1]; 1 if the folded name equals the folded query. */
  readonly score: number;
}

/**
 * An open knowledge base: one complete version, which does not change until `close`. An id is any non-empty string of
 * at most `MAX_ID_LENGTH` code units. Every driver passes the tests in `test/kb/store-contract.ts`.
 */
export interface EntityStore extends AsyncDisposable {
  readonly manifest: Manifest;
  /**
   * Folder of this version, including the files that `ImportOptions.finish` wrote. Absent if the driver stores no
   * files.
   */
  readonly folder?: string;
  /**
   * Reads an attachment that `ImportOptions.finish` stored on the server with this version. Returns its bytes in a new
   * buffer, or undefined if there is no attachment with this name. Present only for stores on a server.
   */
  readonly attachment?: (name: string) => Promise<ArrayBuffer | undefined>;
  /** Returns a map from id to entity for the given ids. The map contains no entry for an id that does not exist. */
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Entity>>;
  /**
   * Returns the entities with a label or an alias similar to `name`, best first. Each entity occurs once, with its
   * best name. `limit` is the maximum number of results; default 10.
   */
  searchNames(name: string, options?: { limit?: number }): Promise<readonly NameHit[]>;
  /** Yields all entities in order of id (in UTF-16 code units). */
  all(options?: { signal?: AbortSignal }): AsyncIterable<Entity>;
  close(): Promise<void>;
}

/** Place where `ImportOptions.finish` stores its data: the folder of the version, or attachments on the server. */
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
  /** Called with the id of each duplicate. Of several entities with the same id, only the first is kept. */
  readonly onDuplicate?: (id: string) => void;
  /**
   * Creates data that belongs to the version, such as the candidate index. Runs once all entities are stored, before
   * readers can see the version.
   */
  readonly finish?: (store: EntityStore, place: Place) => Promise<void>;
}

export interface OpenOptions {
  /** When the signal fires, calls that wait for a server throw `ABORTED`. This includes calls after opening. */
  readonly signal?: AbortSignal | undefined;
}

export interface VerifyOptions extends OpenOptions {
  /** Called at intervals with the number of parts of a stage that were checked. `total` is absent if it is unknown. */
  readonly onProgress?: (stage: {
    readonly stage: string;
    readonly done: number;
    readonly total?: number;
  }) => void;
}

/** The result of checking a complete knowledge base. */
export interface Verification {
  readonly manifest: Manifest;
  /** The parts that were checked: a singular noun, such as "block", and their number. */
  readonly checked: readonly { readonly what: string; readonly count: number }[];
  /** An error `KB_DAMAGED` with the place of each damage. Empty if the knowledge base is intact. */
  readonly damage: readonly MmelError[];
}

/** A storage backend for knowledge bases. */
export interface StoreDriver {
  /**
   * Opens the newest complete version. Throws `KB_NOT_FOUND` if there is no knowledge base, `KB_DAMAGED` if its data is
   * damaged, `KB_TOO_NEW` if a newer version of mmel wrote it, and `FILE_UNREADABLE` if a file cannot be read. For a
   * server, also throws `CONFIG` if the URL is invalid or the tables are outdated, `KB_UNAVAILABLE` if the server does
   * not respond in time, `KB_DENIED` if it refuses a request, and `ABORTED` if the signal fires.
   */
  open(target: string, options?: OpenOptions): Promise<EntityStore>;
  /**
   * Reads the manifest of the version that `open` would open, without opening it. Throws the errors of `open`, but does not
   * check the version's data.
   */
  current(target: string, options?: OpenOptions): Promise<Manifest>;
  /**
   * Reads everything in the newest complete version and compares it with its checksums. Throws the errors of `open`, for
   * example `KB_DAMAGED` if the damage prevents reading the rest, and `ABORTED` if the signal fires.
   */
  verify(target: string, options?: VerifyOptions): Promise<Verification>;
  /**
   * Imports entities as a new version, in bounded memory. Atomic: readers see the old version until the new version
   * is complete, and a failed or killed import leaves the old version unchanged. Rethrows the errors of the iterator
   * and the callbacks. Throws `ABORTED` if the signal fires, `ENTITY_INVALID` if an entity is invalid,
   * `FILE_UNWRITABLE` if the target cannot be written, `CONFIG` if it is a folder that contains files but no
   * knowledge base, `KB_TOO_NEW` if a newer version of mmel wrote the target, and `KB_BUSY` if another import into
   * the target is running. For a server, also throws `CONFIG` if the URL or the database is unsuitable,
   * `KB_UNAVAILABLE` if the server does not respond in time, `KB_DENIED` if it refuses a request, and `KB_DAMAGED` if
   * it loses data in a crash.
   */
  import(
    target: string,
    entities: Iterable<Entity> | AsyncIterable<Entity>,
    options?: ImportOptions,
  ): Promise<Manifest>;
}

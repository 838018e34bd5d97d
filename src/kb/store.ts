import type { Entity } from "../core/index.js";

/** What a knowledge base says of itself. */
export interface Manifest {
  /** Given at import, or the folder's name. */
  readonly name: string;
  /** Hash of the content: the same entities give the same version, in whatever order they came. */
  readonly version: string;
  /** Version of the layout on disk or in the database. */
  readonly schema: number;
  readonly entities: number;
  /** Labels and aliases together. */
  readonly names: number;
}

/** A look-up by name for people (`kb search`); linking has its own index in `candidates/`. */
export interface NameHit {
  readonly entity: Entity;
  readonly name: string;
  /** In [0, 1]: 1 for the same name after folding. */
  readonly score: number;
}

/**
 * A knowledge base that can be read: one complete version of it, the same until `close`. Ids are any strings but "" up to `MAX_ID_LENGTH`.
 * Every driver passes `test/kb/store-contract.ts`.
 */
export interface EntityStore extends AsyncDisposable {
  readonly manifest: Manifest;
  /** Folder of this version, for what `ImportOptions.finish` put beside the entities; absent where there are no files. */
  readonly folder?: string;
  /**
   * What `ImportOptions.finish` attached to this version on a server, read whole into memory of its own; undefined when there is
   * nothing of that name. Absent where there is a `folder`.
   */
  readonly attachment?: (name: string) => Promise<ArrayBuffer | undefined>;
  /** The entities that exist, by id; ids that do not exist are absent from the map. */
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Entity>>;
  /** Entities whose label or alias resembles `name`, each once with its best-fitting name, best first (limit 10). */
  searchNames(name: string, options?: { limit?: number }): Promise<readonly NameHit[]>;
  /** All entities in order of id (code units), streamed. */
  all(options?: { signal?: AbortSignal }): AsyncIterable<Entity>;
  close(): Promise<void>;
}

/** Where an import puts what goes with a version's entities: into its folder, or to the server, in pieces. */
export type Place =
  | { readonly kind: "folder"; readonly folder: string }
  | {
      readonly kind: "server";
      readonly attach: (name: string, pieces: readonly Uint8Array[]) => Promise<void>;
    };

export interface ImportOptions {
  readonly name?: string;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of entities stored so far. */
  readonly onProgress?: (entities: number) => void;
  /** Called with each entity left out because its id came before; the first one stays. */
  readonly onDuplicate?: (id: string) => void;
  /**
   * Makes what a driver keeps beside the entities, such as the candidate index, after all entities are in and
   * before readers see them.
   */
  readonly finish?: (store: EntityStore, place: Place) => Promise<void>;
}

export interface OpenOptions {
  /** When it fires, what waits for a server, now or later, ends with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

/** Where a knowledge base lives and how it gets there. */
export interface StoreDriver {
  /** Opens the newest complete version. `KB_NOT_FOUND`, `KB_DAMAGED`, `KB_TOO_NEW`, `FILE_UNREADABLE`, and of a server `KB_UNAVAILABLE`, `KB_DENIED`. */
  open(target: string, options?: OpenOptions): Promise<EntityStore>;
  /**
   * Puts entities in bulk as a new version, in bounded memory. Atomic: readers see the old version until the new one
   * is complete, and an import that fails or is killed leaves the old one as it was. What the entities' iterator or a
   * callback throws comes out as it is; else `ABORTED`, `ENTITY_INVALID`, `FILE_UNWRITABLE`, `KB_BUSY`
   * while another import into the target runs, `KB_TOO_NEW`.
   */
  import(
    target: string,
    entities: Iterable<Entity> | AsyncIterable<Entity>,
    options?: ImportOptions,
  ): Promise<Manifest>;
}

import { type Candidate, type Entity, MmelError } from "../core/index.js";
import { assertVersion, type TableFile } from "../core/table-file.js";
import type { EntityStore } from "../kb/store.js";
import type { KnownName } from "../mentions/index.js";
import { INDEX_FORMAT } from "./index-file.js";
import {
  createFinder,
  type Finder,
  type Found,
  type NameAmong,
  openFinder,
  type SearchOptions,
} from "./search.js";
import { createTablesBuilder } from "./tables.js";
import { canThread, createThreadedFinder } from "./threaded-finder.js";

/** Finds the entities that a name may refer to. */
export interface CandidateSource extends AsyncDisposable {
  /** Returns the candidates of each name, best first and at most `limit` per name (100 in section 4.1 of the paper). */
  candidates(names: readonly string[], limit: number): Promise<readonly (readonly Candidate[])[]>;
  /** Like `candidates`, but considers only the entities that are given with each name. */
  candidatesAmong(names: readonly NameAmong[], limit: number): Promise<readonly (readonly Candidate[])[]>;
  /** Returns the names of the knowledge base that a text contains, in any order. They may overlap. */
  namesIn(text: string): Promise<readonly KnownName[]>;
}

export interface OpenOptions extends SearchOptions {
  /**
   * Whether to search in a worker thread, so that this thread can do other work. Has no effect if the worker's script
   * is missing. Default: false.
   */
  readonly thread?: boolean;
}

/** Creates a candidate source for entities in memory. Throws `DUPLICATE_ID` if two entities have the same id. */
export function createCandidateSource(entities: Iterable<Entity>, options?: SearchOptions): CandidateSource {
  const builder = createTablesBuilder();
  const byId = new Map<string, Entity>();
  for (const entity of entities) {
    if (byId.has(entity.id)) {
      throw new MmelError("DUPLICATE_ID", { what: `two entities have the id ${entity.id}` });
    }
    byId.set(entity.id, entity);
    builder.add(entity);
  }
  return sourceOver(createFinder(builder.finish(), options), { getMany: async () => byId });
}

/**
 * Opens an index file that `buildCandidateIndex` wrote for the entities in the store. With `thread`, bytes passed as `file`
 * are transferred to the worker. Throws `KB_NOT_FOUND` if the file cannot be read, `KB_DAMAGED` if it is truncated,
 * altered, in an older format or built for another version of the store, and `KB_TOO_NEW` if it is in a newer format.
 */
export async function openCandidateIndex(
  file: TableFile,
  store: Pick<EntityStore, "getMany" | "manifest">,
  { thread = false, ...options }: OpenOptions = {},
): Promise<CandidateSource> {
  const { finder, version } = await (thread && canThread() ? createThreadedFinder : openFinder)(
    file,
    options,
  );
  try {
    assertVersion(INDEX_FORMAT, file, version, store.manifest.version);
  } catch (error) {
    await finder[Symbol.asyncDispose]();
    throw error;
  }
  return sourceOver(finder, store, store.manifest.name);
}

/** Maximum number of names to look up in one call of the finder. */
const CHUNK = 64;

/**
 * Returns a candidate source that finds entities with a finder. The source reads these entities from the store `name`.
 * Throws `KB_DAMAGED` if an entity is missing from the store.
 */
function sourceOver(finder: Finder, store: Pick<EntityStore, "getMany">, name = "memory"): CandidateSource {
  const entitiesOf = async (found: readonly { readonly ids: readonly string[] }[]) => {
    const ids = [...new Set(found.flatMap((each) => each.ids))];
    const entities = await store.getMany(ids);
    return (id: string): Entity => entities.get(id) ?? missing(id, name);
  };
  const read = async (results: readonly Found[]): Promise<Candidate[][]> => {
    const entityOf = await entitiesOf(results);
    return results.map((found) => found.ids.map((id, index) => candidateOf(entityOf(id), found, index)));
  };

  return {
    async candidates(names, limit) {
      const lists: Candidate[][] = [];
      for (let start = 0; start < names.length; start += CHUNK) {
        lists.push(...(await read(await finder.find(names.slice(start, start + CHUNK), limit))));
      }
      return lists;
    },
    candidatesAmong: async (names, limit) => read(await finder.findAmong(names, limit)),
    async namesIn(text) {
      const [found = []] = await finder.namesIn([text]);
      const entityOf = await entitiesOf(found);
      return found.map(({ ids, names, ...place }) => ({
        ...place,
        holders: ids.map((id, index) => {
          const entity = entityOf(id);
          return { entity, name: nameOf(entity, names[index]!) };
        }),
      }));
    },
    [Symbol.asyncDispose]: async () => finder[Symbol.asyncDispose](),
  };
}

function missing(id: string, name: string): never {
  throw new MmelError("KB_DAMAGED", {
    what: "the candidate index lists an entity that the knowledge base does not contain",
    where: `knowledge base ${name}, entity ${JSON.stringify(id)}`,
    hint: "Import the knowledge base again.",
  });
}

function candidateOf(entity: Entity, { names, scores, parts }: Found, index: number): Candidate {
  return {
    entity,
    nameScore: scores[index]!,
    names: { subsequence: parts[3 * index]!, prefix: parts[3 * index + 1]!, edit: parts[3 * index + 2]! },
    matchedName: nameOf(entity, names[index]!),
  };
}

/** Returns the name of an entity with the given index: 0 is the label, i is alias i - 1. */
const nameOf = (entity: Entity, name: number): string =>
  (name === 0 ? entity.label : entity.aliases[name - 1]) ?? entity.label;

import { type Candidate, type Entity, MmelError } from "../core/index.js";
import { createSearch, type Hit, type SearchOptions } from "./search.js";
import type { CandidateSource } from "./source.js";
import { type CandidateTables, createTablesBuilder } from "./tables.js";

/** Whatever holds the entities that the index names. */
export interface EntityLookup {
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Entity>>;
}

/** Names looked up between two turns of the event loop. */
const CHUNK = 64;

/** A candidate source over entities given in code. `DUPLICATE_ID` when two have the same id. */
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
  return searchTables(builder.finish(), { getMany: async () => byId }, options);
}

/** A candidate source over tables; only the entities that win are fetched. */
export function searchTables(
  tables: CandidateTables,
  lookup: EntityLookup,
  options?: SearchOptions,
): CandidateSource {
  const search = createSearch(tables, options);
  const idOf = ({ entity }: Hit): string => {
    const [start, end] = [tables.idStart[entity]!, tables.idStart[entity + 1]!];
    return Buffer.from(tables.idBytes.buffer, tables.idBytes.byteOffset + start, end - start).toString(
      "utf8",
    );
  };

  const chunk = async (names: readonly string[], limit: number): Promise<Candidate[][]> => {
    const found = names.map((name) => search.find(name, limit).map((hit) => ({ hit, id: idOf(hit) })));
    const entities = await lookup.getMany([...new Set(found.flatMap((hits) => hits.map(({ id }) => id)))]);
    return found.map((hits) =>
      hits.flatMap(({ hit, id }) => {
        const entity = entities.get(id);
        return entity === undefined ? [] : [toCandidate(entity, hit)];
      }),
    );
  };

  return {
    async candidates(names, limit) {
      const all: Candidate[][] = [];
      for (let at = 0; at < names.length; at += CHUNK) {
        all.push(...(await chunk(names.slice(at, at + CHUNK), limit)));
      }
      return all;
    },
  };
}

function toCandidate(entity: Entity, hit: Hit): Candidate {
  return {
    entity,
    nameScore: hit.score,
    names: hit.parts,
    matchedName: (hit.name === 0 ? entity.label : entity.aliases[hit.name - 1]) ?? entity.label,
  };
}

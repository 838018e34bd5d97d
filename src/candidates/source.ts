import { type Candidate, type Entity, MmelError } from "../core/index.js";
import { createFinder, type Finder, type Found } from "./finder.js";
import type { SearchOptions } from "./search.js";
import type { CandidateSource } from "./source.js";
import { createTablesBuilder } from "./tables.js";

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
  return searchWith(createFinder(builder.finish(), options), { getMany: async () => byId });
}

/** A candidate source over a finder; only the entities that win are fetched. */
export function searchWith(finder: Finder, lookup: EntityLookup): CandidateSource {
  const chunk = async (names: readonly string[], limit: number): Promise<Candidate[][]> => {
    const found = await finder.find(names, limit);
    const entities = await lookup.getMany([...new Set(found.flatMap(({ ids }) => ids))]);
    return found.map((one) =>
      one.ids.flatMap((id, at) => {
        const entity = entities.get(id);
        return entity === undefined ? [] : [toCandidate(entity, one, at)];
      }),
    );
  };

  const close = async (): Promise<void> => finder[Symbol.asyncDispose]();
  return {
    async candidates(names, limit) {
      const all: Candidate[][] = [];
      for (let at = 0; at < names.length; at += CHUNK) {
        all.push(...(await chunk(names.slice(at, at + CHUNK), limit)));
      }
      return all;
    },
    [Symbol.asyncDispose]: close,
  };
}

function toCandidate(entity: Entity, { names, scores, parts }: Found, at: number): Candidate {
  const name = names[at]!;
  return {
    entity,
    nameScore: scores[at]!,
    names: { subsequence: parts[3 * at]!, prefix: parts[3 * at + 1]!, edit: parts[3 * at + 2]! },
    matchedName: (name === 0 ? entity.label : entity.aliases[name - 1]) ?? entity.label,
  };
}

import type { Entity } from "../../src/core/index.js";
import { fold } from "../../src/names/index.js";

/** Fewest and most entities, the meant one among them, that a mention's name may be a label or alias of. */
export const HOLDERS = { least: 5, most: 80 } as const;

/** Which entities have a name. */
export interface Names {
  /** How many have it as label or alias, in whatever spelling. */
  holders(name: string): number;
  has(entity: Entity, name: string): boolean;
  /** The names of an entity that enough others share: what a caption may call it. */
  shared(entity: Entity): readonly string[];
}

const WORDS = /^\p{L}[\p{L}\p{M} ’'-]{2,}$/u;

/** Words among the keywords that are no name for anything. */
const NO_NAMES: ReadonlySet<string> = new Set(["over", "what"]);

/** Indexes the labels and aliases of a knowledge base. */
export function indexNames(entities: readonly Entity[]): Names {
  const namesOf = new Map(entities.map((entity) => [entity.id, foldedNames(entity)]));
  const counts = new Map<string, number>();
  for (const names of namesOf.values())
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const holders = (name: string): number => counts.get(fold(name)) ?? 0;
  return {
    holders,
    has: ({ id }, name) => namesOf.get(id)?.has(fold(name)) === true,
    shared: ({ label, aliases }) =>
      [label, ...aliases].filter((name) => {
        const count = holders(name);
        return count >= HOLDERS.least && count <= HOLDERS.most && WORDS.test(name) && !NO_NAMES.has(name);
      }),
  };
}

const foldedNames = ({ label, aliases }: Entity): Set<string> => new Set([label, ...aliases].map(fold));

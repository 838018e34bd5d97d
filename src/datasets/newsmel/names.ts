import type { Entity } from "../../core/index.js";
import type { EntityStore } from "../../kb/index.js";
import { fold } from "../../names/index.js";

const QUALIFIER = /\([^()]*\)/gu;

/** The form in which full names are compared: folded, without what stands in parentheses, "Fred (footballer)". */
export function nameKey(name: string): string {
  return fold(name.replace(QUALIFIER, " "));
}

export interface LookUpOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((entities: number) => void) | undefined;
}

/**
 * The entities that have one of the wanted names (keys) as label or alias, by key, in order of id. One pass over the
 * knowledge base, of which only these stay in memory.
 */
export async function lookUpNames(
  store: Pick<EntityStore, "all">,
  wanted: ReadonlySet<string>,
  { signal, onProgress }: LookUpOptions = {},
): Promise<ReadonlyMap<string, readonly Entity[]>> {
  const holders = new Map<string, Entity[]>();
  let done = 0;
  for await (const entity of store.all(signal === undefined ? {} : { signal })) {
    const keys = new Set([entity.label, ...entity.aliases].map(nameKey));
    for (const key of keys) {
      if (!wanted.has(key)) continue;
      const known = holders.get(key);
      if (known === undefined) holders.set(key, [entity]);
      else known.push(entity);
    }
    onProgress?.(++done);
  }
  return holders;
}

import type { Entity } from "../core/index.js";
import { encodeEntity } from "./content.js";
import { pairById } from "./pair.js";

/** How an entity differs between two knowledge bases. */
export type EntityChange =
  | { readonly kind: "added"; readonly after: Entity }
  | { readonly kind: "removed"; readonly before: Entity }
  | {
      readonly kind: "changed";
      readonly before: Entity;
      readonly after: Entity;
      /** `label`, `properties.birth` … */
      readonly fields: readonly string[];
    };

type Entities = Iterable<Entity> | AsyncIterable<Entity>;

/** The differences between two streams of entities in order of id, in that order. */
export async function* diffEntities(before: Entities, after: Entities): AsyncGenerator<EntityChange> {
  for await (const pair of pairById(before, after)) {
    if (pair.before === undefined) yield { kind: "added", after: pair.after };
    else if (pair.after === undefined) yield { kind: "removed", before: pair.before };
    else {
      const fields = changedFields(pair.before, pair.after);
      if (fields.length > 0) yield { kind: "changed", before: pair.before, after: pair.after, fields };
    }
  }
}

/**
 * The fields in which two entities differ: none exactly when they count as the same content (`Manifest.version`), for
 * which the order of properties does not matter.
 */
export function changedFields(before: Entity, after: Entity): string[] {
  if (encodeEntity(before) === encodeEntity(after)) return [];
  const [a, b] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((field) => a.get(field) !== b.get(field));
}

function fieldsOf({ properties, ...rest }: Entity): Map<string, string> {
  const fields = new Map(Object.entries(rest).map(([field, value]) => [field, JSON.stringify(value)]));
  for (const [name, values] of Object.entries(properties))
    fields.set(`properties.${name}`, JSON.stringify(values));
  return fields;
}

import type { Entity } from "../core/index.js";
import { encodeEntity } from "./content.js";

type Entities = Iterable<Entity> | AsyncIterable<Entity>;

/** A difference in one entity between two knowledge bases. */
export type EntityChange =
  | { readonly kind: "added"; readonly after: Entity }
  | { readonly kind: "removed"; readonly before: Entity }
  | {
      readonly kind: "changed";
      readonly before: Entity;
      readonly after: Entity;
      /** Names of the changed fields, such as `label` or `properties.birth`. */
      readonly fields: readonly string[];
    };

/** Compares two streams that are sorted by id, and yields the changes in order of id. */
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
 * Returns the names of the fields in which two entities differ. Ignores the order of properties, as `Manifest.version`
 * does.
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

/**
 * The entities with the same id in two streams. `before` or `after` is absent if only the other stream contains the
 * id.
 */
export type EntityPair =
  | { readonly before: Entity; readonly after?: undefined }
  | { readonly before?: undefined; readonly after: Entity }
  | { readonly before: Entity; readonly after: Entity };

/**
 * Merges two streams that are sorted by id (in UTF-16 code units), holding at most one entity from each stream in
 * memory.
 */
export async function* pairById(before: Entities, after: Entities): AsyncGenerator<EntityPair> {
  const left = iteratorOf(before);
  const right = iteratorOf(after);
  try {
    let a = await nextOf(left);
    let b = await nextOf(right);
    while (a !== undefined || b !== undefined) {
      if (b === undefined || (a !== undefined && a.id < b.id)) {
        yield { before: a! };
        a = await nextOf(left);
      } else if (a === undefined || b.id < a.id) {
        yield { after: b };
        b = await nextOf(right);
      } else {
        yield { before: a, after: b };
        a = await nextOf(left);
        b = await nextOf(right);
      }
    }
  } finally {
    await left.return?.();
    await right.return?.();
  }
}

type EntityIterator = Iterator<Entity> | AsyncIterator<Entity>;

function iteratorOf(entities: Entities): EntityIterator {
  return Symbol.asyncIterator in entities ? entities[Symbol.asyncIterator]() : entities[Symbol.iterator]();
}

async function nextOf(iterator: EntityIterator): Promise<Entity | undefined> {
  const next = await iterator.next();
  return next.done ? undefined : next.value;
}

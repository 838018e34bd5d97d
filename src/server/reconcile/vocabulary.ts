import type { Entity } from "../../core/index.js";
import type { EntityStore } from "../../kb/index.js";

/** A type or property. The id and the name are equal: both are the name in the knowledge base. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** The types and properties that occur in a knowledge base, most frequent first. */
export interface Vocabulary {
  readonly types: readonly Named[];
  readonly properties: readonly Named[];
  /**
   * Returns the properties that occur in entities of a type, most frequent first, followed by the entity fields.
   * Returns all properties if the type is unknown.
   */
  propertiesOf(type: string): readonly Named[];
}

const TYPE_PROPERTIES = ["type", "instanceOf", "instance of", "P31"];
const PERSON_PROPERTIES = ["occupation", "birth", "sex"];
/** Entity fields that can be requested like properties. */
const FIELDS: readonly Named[] = ["description", "alias", "url", "popularity"].map(named);
/** Maximum number of entities from which the vocabulary is read. */
const SAMPLE = 200_000;
/** Maximum number of types, and maximum number of properties, in the vocabulary. */
const MAX_NAMES = 5_000;

/**
 * Returns an entity's types, which are the values of its type properties. An entity without type properties has the
 * type `person` if it has a property `occupation`, `birth` or `sex`; otherwise it has no type.
 */
export function typesOf({ properties }: Entity): readonly Named[] {
  const declared = TYPE_PROPERTIES.flatMap((name) =>
    Object.hasOwn(properties, name) ? (properties[name] ?? []) : [],
  );
  if (declared.length > 0) return [...new Set(declared)].map(named);
  return PERSON_PROPERTIES.some((name) => Object.hasOwn(properties, name)) ? [named("person")] : [];
}

/**
 * Returns an entity's values of a property. If the entity does not have the property, returns the values of the field
 * with this name: `description`, `alias`, `url` or `popularity`.
 */
export function valuesOf(entity: Entity, property: string): readonly string[] {
  if (Object.hasOwn(entity.properties, property)) return entity.properties[property] ?? [];
  const { description, aliases, url, popularity } = entity;
  const fields: Readonly<Record<string, readonly (string | number | undefined)[]>> = {
    description: [description],
    alias: aliases,
    url: [url],
    popularity: [popularity],
  };
  if (!Object.hasOwn(fields, property)) return [];
  return fields[property]!.flatMap((value) => (value === undefined ? [] : [String(value)]));
}

/** Reads the vocabulary of a version of the knowledge base. */
export type VocabularyReader = (store: EntityStore) => Promise<Vocabulary>;

/** Creates a reader that reads the vocabulary of each version once. If reading fails, the next call tries again. */
export function createVocabularyReader(): VocabularyReader {
  const known = new WeakMap<EntityStore, Promise<Vocabulary>>();
  return (store) => {
    const reading = known.get(store) ?? readVocabulary(store);
    known.set(store, reading);
    reading.catch(() => known.delete(store));
    return reading;
  };
}

/** Reads the types and properties that occur in the first 200,000 entities of a knowledge base. */
export async function readVocabulary(store: EntityStore): Promise<Vocabulary> {
  const types = new Map<string, number>();
  const properties = new Map<string, number>();
  const ofType = new Map<string, Map<string, number>>();
  let read = 0;
  for await (const entity of store.all()) {
    const kinds = typesOf(entity).map(({ id }) => id);
    const names = Object.keys(entity.properties);
    count(types, kinds);
    count(properties, names);
    for (const kind of kinds) {
      if (!types.has(kind)) continue;
      const counts = ofType.get(kind) ?? new Map<string, number>();
      count(counts, names);
      ofType.set(kind, counts);
    }
    read += 1;
    if (read >= SAMPLE) break;
  }
  const all = [...byFrequency(properties), ...FIELDS.filter(({ id }) => !properties.has(id))];
  return {
    types: byFrequency(types),
    properties: all,
    propertiesOf: (type) => {
      const counts = ofType.get(type);
      return counts === undefined
        ? all
        : [...byFrequency(counts), ...FIELDS.filter(({ id }) => !counts.has(id))];
    },
  };
}

function count(counts: Map<string, number>, names: readonly string[]): void {
  for (const name of names) {
    const before = counts.get(name);
    if (before !== undefined || counts.size < MAX_NAMES) counts.set(name, (before ?? 0) + 1);
  }
}

const byFrequency = (counts: ReadonlyMap<string, number>): Named[] =>
  [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => named(name));

function named(name: string): Named {
  return { id: name, name };
}

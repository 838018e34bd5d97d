import type { Entity } from "../../core/index.js";
import type { EntityStore } from "../../kb/index.js";

/** A type or property by the name that the knowledge base has for it, which is its id too. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Vocabulary {
  /** Commonest first. */
  readonly types: readonly Named[];
  readonly properties: readonly Named[];
  /** Properties of a type's entities, commonest first. */
  propertiesOf(type: string): readonly Named[];
}

const TYPE_PROPERTIES = ["type", "instanceOf", "instance of", "P31"];
const OF_PERSONS = ["occupation", "birth", "sex"];
/** What every entity may say of itself besides properties. */
const OWN: readonly Named[] = ["description", "alias", "url", "popularity"].map(named);
/** Entities that are looked at. */
const SAMPLE = 200_000;
/** Types and properties that are kept. */
const MOST = 5_000;

/** What kinds of thing an entity is: as a property for that says, else a person if it has what persons have. */
export function typesOf({ properties }: Entity): readonly Named[] {
  const told = TYPE_PROPERTIES.flatMap((name) =>
    Object.hasOwn(properties, name) ? (properties[name] ?? []) : [],
  );
  if (told.length > 0) return [...new Set(told)].map(named);
  return OF_PERSONS.some((name) => Object.hasOwn(properties, name)) ? [named("person")] : [];
}

/** The values of a property of an entity, or of what it says of itself. */
export function valuesOf(entity: Entity, property: string): readonly string[] {
  if (Object.hasOwn(entity.properties, property)) return entity.properties[property] ?? [];
  const { description, aliases, url, popularity } = entity;
  const own: Readonly<Record<string, readonly (string | number | undefined)[]>> = {
    description: [description],
    alias: aliases,
    url: [url],
    popularity: [popularity],
  };
  if (!Object.hasOwn(own, property)) return [];
  return own[property]!.flatMap((value) => (value === undefined ? [] : [String(value)]));
}

/** Reads through the entities of a knowledge base, some 200,000 of a larger one. */
export async function readVocabulary(store: EntityStore): Promise<Vocabulary> {
  const types = new Map<string, number>();
  const properties = new Map<string, number>();
  const ofType = new Map<string, Map<string, number>>();
  let seen = 0;
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
    seen += 1;
    if (seen >= SAMPLE) break;
  }
  const all = [...commonest(properties), ...OWN.filter(({ id }) => !properties.has(id))];
  return {
    types: commonest(types),
    properties: all,
    propertiesOf: (type) => {
      const counts = ofType.get(type);
      return counts === undefined ? all : [...commonest(counts), ...OWN.filter(({ id }) => !counts.has(id))];
    },
  };
}

function count(counts: Map<string, number>, names: readonly string[]): void {
  for (const name of names) {
    const before = counts.get(name);
    if (before !== undefined || counts.size < MOST) counts.set(name, (before ?? 0) + 1);
  }
}

const commonest = (counts: ReadonlyMap<string, number>): Named[] =>
  [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => named(name));

function named(name: string): Named {
  return { id: name, name };
}

import type { Entity } from "../core/index.js";
import { partition } from "../core/sorting.js";
import { createRelationsBuilder } from "./build-tables.js";
import { type Groups, inverted, type RelationTables, textAt } from "./tables.js";

/**
 * An entity that a value names, with the probability that the value means this entity and not another of the same name.
 */
export interface Target {
  readonly id: string;
  /** In (0, 1]. The shares of a relation's targets sum to 1. */
  readonly share: number;
}

/** A value of an entity's property that other entities share or that names other entities. */
export interface Relation {
  readonly property: string;
  /**
   * A number for the folded value or for the part of it that is compared (see `TextKeys`). Relations with the same key
   * share this value.
   */
  readonly key: number;
  /** Number of entities that have this value in any property. */
  readonly holders: number;
  /**
   * The entities that the value names (never the entity itself), most likely first. Empty if the value names no entity
   * or more than `MAX_TARGETS`.
   */
  readonly targets: readonly Target[];
}

/** An entity with values that name another entity. */
export interface Naming {
  readonly id: string;
  /** The properties of these values, in the order of the entity's properties. */
  readonly properties: readonly string[];
  /** The greatest share of the named entity among the targets of these values. */
  readonly share: number;
}

/** The relations between the entities of a knowledge base. */
export interface Relations {
  /** Number of entities in the knowledge base. */
  readonly size: number;
  /** For each property: number of values, and number of values that name another entity. Sorted by name. */
  readonly properties: readonly { readonly name: string; readonly values: number; readonly named: number }[];
  /** Returns the relations of an entity in the order of its properties. Returns no relations for an unknown id. */
  of(id: string): readonly Relation[];
  /**
   * Finds the entities with values that name the given entity with a share of at least `minShare`. Returns their
   * number, and the `limit` entities with the greatest shares, greatest first. Returns no entities for an unknown id.
   */
  naming(
    id: string,
    options: { readonly minShare: number; readonly limit: number },
  ): { readonly first: readonly Naming[]; readonly count: number };
  /**
   * Returns the ids of the entities that name one of these entities or that one of them names. For each entity, the
   * entities whose values name it come first, followed by those that its values name. Returns at most `limit` ids for
   * each entity, and each id only once.
   */
  related(ids: readonly string[], limit: number): readonly string[];
}

/** Finds the relations of entities in memory. Throws `DUPLICATE_ID` if two entities have the same id. */
export function createRelations(entities: Iterable<Entity>): Relations {
  const builder = createRelationsBuilder();
  for (const entity of entities) builder.add(entity);
  return relationsOver(builder.finish());
}

/** Reads relations from their tables. */
export function relationsOver(tables: RelationTables): Relations {
  const { idUnit, idStart, relationStart, relationProperty, relationKey } = tables;
  const { holders, targetStart, target } = tables;
  const size = idStart.length - 1;
  const idAt = (entity: number): string => textAt(idUnit, idStart, entity);
  const properties = Array.from(tables.propertyValues, (values, property) => ({
    name: textAt(tables.propertyUnit, tables.propertyStart, property),
    values,
    named: tables.propertyNamed[property]!,
  }));
  const numberOf = createIdSearch(idUnit, idStart);
  const weightOf = createKindWeights(tables);

  /** Returns the entities that a value of `self` names, most likely first, with their shares. */
  const sharesOf = (property: number, key: number, self: number) => {
    const entities = [...target.subarray(targetStart[key]!, targetStart[key + 1]!)].filter(
      (one) => one !== self,
    );
    if (entities.length < 2) return entities.map((entity) => ({ entity, share: 1 }));
    const weights = entities.map((one) => weightOf(property, one));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return entities
      .map((entity, index) => ({ entity, share: weights[index]! / total }))
      .sort((a, b) => b.share - a.share); // stable: entities with equal shares stay in order of popularity
  };

  /** For each key, the entities that have it; for each entity, the keys that name it. Computed when first needed. */
  let backwards: { readonly holdersOf: Groups; readonly keysOf: Groups } | undefined;
  const turned = () => {
    backwards ??= {
      holdersOf: inverted({ starts: relationStart, items: relationKey }, holders.length),
      keysOf: inverted({ starts: targetStart, items: target }, size),
    };
    return backwards;
  };

  /**
   * Returns the entities that name an entity, each with the greatest share that one of its values gives the named
   * entity.
   */
  const sharesNaming = (named: number): ReadonlyMap<number, number> => {
    const { holdersOf, keysOf } = turned();
    const shares = new Map<number, number>();
    for (let index = keysOf.starts[named]!; index < keysOf.starts[named + 1]!; index++) {
      const key = keysOf.items[index]!;
      const targets = target.subarray(targetStart[key]!, targetStart[key + 1]!);
      const ofProperty = new Map<number, number>(); // for holders that are not targets
      const shareIn = (property: number, holder: number): number => {
        const isTarget = targets.includes(holder);
        const known = isTarget ? undefined : ofProperty.get(property);
        if (known !== undefined) return known;
        const { share } = sharesOf(property, key, holder).find(({ entity }) => entity === named)!;
        if (!isTarget) ofProperty.set(property, share);
        return share;
      };
      for (let held = holdersOf.starts[key]!; held < holdersOf.starts[key + 1]!; held++) {
        const holder = holdersOf.items[held]!;
        if (holder === named) continue;
        for (let at = relationStart[holder]!; at < relationStart[holder + 1]!; at++) {
          if (relationKey[at] !== key) continue;
          const share = shareIn(relationProperty[at]!, holder);
          if (share > (shares.get(holder) ?? 0)) shares.set(holder, share);
        }
      }
    }
    return shares;
  };

  function* relatedTo(entity: number): Generator<number> {
    const { holdersOf, keysOf } = turned();
    for (let index = keysOf.starts[entity]!; index < keysOf.starts[entity + 1]!; index++) {
      const key = keysOf.items[index]!;
      for (let at = holdersOf.starts[key]!; at < holdersOf.starts[key + 1]!; at++) yield holdersOf.items[at]!;
    }
    for (let at = relationStart[entity]!; at < relationStart[entity + 1]!; at++) {
      const key = relationKey[at]!;
      yield* target.subarray(targetStart[key]!, targetStart[key + 1]!);
    }
  }

  const of = (id: string): readonly Relation[] => {
    const entity = numberOf(id);
    if (entity === undefined) return [];
    const found: Relation[] = [];
    for (let at = relationStart[entity]!; at < relationStart[entity + 1]!; at++) {
      const property = relationProperty[at]!;
      const key = relationKey[at]!;
      found.push({
        property: properties[property]!.name,
        key,
        holders: holders[key]!,
        targets: sharesOf(property, key, entity).map((one) => ({ id: idAt(one.entity), share: one.share })),
      });
    }
    return found;
  };

  return {
    size,
    properties,
    of,
    naming(id, { minShare, limit }) {
      const named = numberOf(id);
      const byShare = new Map<number, number[]>();
      for (const [holder, share] of named === undefined ? [] : sharesNaming(named)) {
        if (share < minShare) continue;
        const same = byShare.get(share);
        if (same === undefined) byShare.set(share, [holder]);
        else same.push(holder);
      }
      const sorted = [...byShare].sort(([a], [b]) => b - a);
      const isNamed = ({ targets }: Relation): boolean =>
        targets.some((one) => one.id === id && one.share >= minShare);
      const propertiesOf = (holder: string): readonly string[] => [
        ...new Set(
          of(holder)
            .filter(isNamed)
            .map(({ property }) => property),
        ),
      ];
      return {
        first: sorted
          .flatMap(([share, all]) => all.slice(0, limit).map((holder) => ({ id: idAt(holder), share })))
          .slice(0, limit)
          .map(({ id, share }) => ({ id, properties: propertiesOf(id), share })),
        count: sorted.reduce((sum, [, all]) => sum + all.length, 0),
      };
    },
    related(ids, limit) {
      const found = new Set<number>();
      for (const id of ids) {
        const entity = numberOf(id);
        if (entity === undefined) continue;
        const own = new Set<number>();
        for (const other of relatedTo(entity)) {
          if (own.size >= limit) break;
          if (other !== entity) own.add(other);
        }
        for (const other of own) found.add(other);
      }
      return [...found].map(idAt);
    },
  };
}

/** Returns a function that finds the number of an id by binary search. */
function createIdSearch(units: Uint16Array, starts: Uint32Array): (id: string) => number | undefined {
  /**
   * Compares the stored id at `number` with `id`, by code units. The result is negative if the stored id comes first.
   */
  const compare = (number: number, id: string): number => {
    const start = starts[number]!;
    const length = starts[number + 1]! - start;
    const common = Math.min(length, id.length);
    for (let index = 0; index < common; index++) {
      const difference = units[start + index]! - id.charCodeAt(index);
      if (difference !== 0) return difference;
    }
    return length - id.length;
  };
  const size = starts.length - 1;
  return (id) => {
    const number = partition(0, size, (at) => compare(at, id) < 0);
    return number < size && compare(number, id) === 0 ? number : undefined;
  };
}

/**
 * Returns a function that computes an entity's weight among the entities that an ambiguous value of a property names.
 * The weight is 1 plus the number of unambiguous values of the property that name entities of the same kind.
 */
function createKindWeights({ kind, countStart, countKind, countValues }: RelationTables) {
  return (property: number, entity: number): number => {
    const [from, to] = [countStart[property]!, countStart[property + 1]!];
    const at = partition(from, to, (index) => countKind[index]! < kind[entity]!);
    return 1 + (at < to && countKind[at] === kind[entity] ? countValues[at]! : 0);
  };
}

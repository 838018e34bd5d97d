import { countingSort } from "../core/sorting.js";

/** Maximum number of entities that a value may name. A value that would name more entities counts as naming none. */
export const MAX_TARGETS = 32;

/**
 * The relations of a knowledge base as typed arrays. Their bytes do not depend on the order in which entities were
 * added. The E entities are numbered in the order of their ids, the P properties in the order of their names, and the K
 * keys in the order in which they first occur. R relations are triples of entity, property and key, grouped by entity.
 */
export interface RelationTables {
  /** The code units of all ids, concatenated. */
  readonly idUnit: Uint16Array;
  readonly idStart: Uint32Array; // [E + 1]
  /** Number of the entity's kind; 0 if it is unknown. */
  readonly kind: Uint32Array; // [E]
  /** The code units of the names of all properties, concatenated. */
  readonly propertyUnit: Uint16Array;
  readonly propertyStart: Uint32Array; // [P + 1]
  /** Number of values of each property. */
  readonly propertyValues: Uint32Array; // [P]
  /** Number of values of each property that name another entity. */
  readonly propertyNamed: Uint32Array; // [P]
  readonly relationStart: Uint32Array; // [E + 1]
  readonly relationProperty: Uint16Array; // [R]
  readonly relationKey: Uint32Array; // [R]
  /** Number of entities with this key. */
  readonly holders: Uint32Array; // [K]
  readonly targetStart: Uint32Array; // [K + 1]
  /** The entities that a key names, at most `MAX_TARGETS`, the most popular first. Ties are ordered by id. */
  readonly target: Uint32Array;
  readonly countStart: Uint32Array; // [P + 1]
  /** For each property, the kinds of entities that its unambiguous values name, in ascending order. */
  readonly countKind: Uint32Array;
  /** For each such kind, the number of these values. */
  readonly countValues: Uint32Array;
}

/** Lists of numbers, one list per group: the numbers of a group are `items[starts[group], starts[group + 1])`. */
export interface Groups {
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
}

/** Inverts lists: for each item from 0 to `count` − 1, returns the groups that contain it, in order. */
export function inverted({ starts, items }: Groups, count: number): Groups {
  const groupOf = new Uint32Array(items.length);
  for (let group = 0; group + 1 < starts.length; group++)
    groupOf.fill(group, starts[group]!, starts[group + 1]!);
  const sorted = countingSort(
    groupOf.map((_, at) => at),
    items,
    count,
  );
  return { starts: sorted.starts, items: sorted.items.map((at) => groupOf[at]!) };
}

/** Concatenates the code units of texts. */
export function encodeTexts(texts: readonly string[]): { units: Uint16Array; starts: Uint32Array } {
  const starts = new Uint32Array(texts.length + 1);
  texts.forEach((text, index) => {
    starts[index + 1] = starts[index]! + text.length;
  });
  const units = new Uint16Array(starts[texts.length]!);
  let used = 0;
  for (const text of texts)
    for (let index = 0; index < text.length; index++) units[used++] = text.charCodeAt(index);
  return { units, starts };
}

/** Returns the text at index `number`; see `encodeTexts`. */
export function textAt(units: Uint16Array, starts: Uint32Array, number: number): string {
  return String.fromCharCode(...units.subarray(starts[number]!, starts[number + 1]!));
}

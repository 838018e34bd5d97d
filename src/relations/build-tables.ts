import { type Entity, MmelError } from "../core/index.js";
import type { TablesBuilder } from "../core/table-file.js";
import { fold, isTypeProperty } from "../names/index.js";
import { createNumbers, type Numbers } from "./numbers.js";
import { encodeTexts, type Groups, MAX_TARGETS, type RelationTables } from "./tables.js";
import { createTextNumbers } from "./text-numbers.js";
import { keysOf, nameKeyOf, segmentsOf } from "./value-keys.js";

/** Maximum number of properties. If a knowledge base has more, only the first ones, sorted by name, have relations. */
const MAX_PROPERTIES = 0xffff;

/** Represents a missing number, such as the key of a text that has no key. */
const NONE = 0xffffffff;

/**
 * Creates a builder that receives entities one by one. It keeps only their ids, their popularity and numbers for their
 * names and values. `finish` throws `DUPLICATE_ID` if two entities have the same id.
 */
export function createRelationsBuilder(): TablesBuilder<RelationTables> {
  const ids: string[] = [];
  const popularity: number[] = [];
  const kinds = createNumbers();
  const kindNumbers = createTextNumbers();
  const propertyNumbers = new Map<string, number>();
  const isType: boolean[] = [];
  const texts = createValueTexts();
  const names = createLists();
  const valueProperty = createNumbers();
  const values = createLists();

  const numberOfProperty = (name: string): number => {
    const known = propertyNumbers.get(name);
    if (known !== undefined) return known;
    propertyNumbers.set(name, isType.length);
    return isType.push(isTypeProperty(name)) - 1;
  };

  const add = (entity: Entity): void => {
    ids.push(entity.id);
    popularity.push(entity.popularity ?? -1);
    for (const name of [entity.label, ...entity.aliases]) {
      const key = texts.keyOfName(name);
      if (key !== undefined) names.items.push(key);
    }
    names.end();
    let type: string | undefined;
    for (const [name, list] of Object.entries(entity.properties)) {
      if (list.length === 0) continue;
      const property = numberOfProperty(name);
      if (isType[property]) type ??= list[0];
      for (const value of list) {
        valueProperty.push(property);
        values.items.push(texts.add(value));
      }
    }
    const kind = fold(type ?? "");
    kinds.push(kind === "" ? 0 : kindNumbers.add(kind) + 1);
    values.end();
  };

  const finish = (): RelationTables => {
    const order = inOrderOfId(ids);
    const properties = [...propertyNumbers.keys()].sort().slice(0, MAX_PROPERTIES);
    const propertyRank = new Uint32Array(propertyNumbers.size).fill(NONE);
    properties.forEach((name, rank) => {
      propertyRank[propertyNumbers.get(name)!] = rank;
    });
    const kind = ranked(order, kinds);
    const named = namedEntities(ids, order, popularity, names, texts);
    const found = findRelations(order, properties.length, propertyRank, valueProperty, values, texts, named);
    const kept = keepRelations(found, named);
    const id = encodeTexts(Array.from(order, (entity) => ids[entity]!));
    const property = encodeTexts(properties);
    return {
      idUnit: id.units,
      idStart: id.starts,
      kind,
      propertyUnit: property.units,
      propertyStart: property.starts,
      propertyValues: found.propertyValues,
      propertyNamed: found.propertyNamed,
      ...kept,
      ...countKinds(kept, kind, properties.length),
    };
  };

  return { add, finish };
}

/** Lists of numbers that are filled one after the other, one per group. */
interface Lists {
  readonly items: Numbers;
  /** Ends the list of the current group. */
  end(): void;
  groups(): Groups;
}

function createLists(): Lists {
  const items = createNumbers();
  const starts = createNumbers();
  starts.push(0);
  return {
    items,
    end: () => starts.push(items.length()),
    groups: () => ({ items: items.view(), starts: starts.view() }),
  };
}

type ValueTexts = ReturnType<typeof createValueTexts>;

/** Creates a table of distinct values and segments. It keeps the keys of each text, but not the text. */
function createValueTexts() {
  const numbers = createTextNumbers();
  const keyNumbers = createTextNumbers();
  const names = createLists();
  const segments = createLists();
  const compared = createNumbers();

  /** Returns the number of a value or segment. Computes its keys and segments when it occurs for the first time. */
  const add = (raw: string): number => {
    const text = raw.trim();
    const known = numbers.find(text);
    if (known !== undefined) return known;
    const parts = segmentsOf(text).map(add);
    const keys = keysOf(text, parts.length > 0);
    for (const key of keys.names) names.items.push(keyNumbers.add(key));
    names.end();
    for (const part of parts) segments.items.push(part);
    segments.end();
    compared.push(keys.compared === undefined ? NONE : keyNumbers.add(keys.compared));
    return numbers.add(text);
  };
  return {
    add,
    keyOfName(name: string): number | undefined {
      const key = nameKeyOf(name);
      return key === undefined ? undefined : keyNumbers.add(key);
    },
    /**
     * Returns the key of an id that occurs as a value or segment in exactly this spelling. Undefined if it does not
     * occur or has no key that may name an entity.
     */
    keyOfId(id: string): number | undefined {
      const text = numbers.find(id);
      if (text === undefined) return undefined;
      const { items, starts } = names.groups();
      return starts[text]! < starts[text + 1]! ? items[starts[text]!] : undefined;
    },
    keys: keyNumbers.size,
    texts: numbers.size,
    /** For each text, the keys that may name an entity. */
    names: names.groups,
    /** For each text, the numbers of its segments. */
    segments: segments.groups,
    /** For each text, the key for the comparison with other values, or `NONE`. */
    compared: compared.view,
  };
}

/** Returns the indices of the ids, sorted by id. Throws `DUPLICATE_ID` if two ids are equal. */
function inOrderOfId(ids: readonly string[]): Uint32Array {
  const order = Uint32Array.from(ids.keys());
  const isSorted = ids.every((id, index) => index === 0 || ids[index - 1]! < id);
  if (isSorted) return order;
  order.sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1));
  for (let index = 1; index < order.length; index++) {
    const id = ids[order[index]!]!;
    if (id === ids[order[index - 1]!])
      throw new MmelError("DUPLICATE_ID", { what: `two entities have the id ${id}` });
  }
  return order;
}

/**
 * Returns the kinds of the entities in the given order, numbered by first occurrence from 1. An unknown kind stays 0.
 */
function ranked(order: Uint32Array, kinds: Numbers): Uint32Array {
  const numbers = new Map<number, number>([[0, 0]]);
  return order.map((entity) => {
    const kind = kinds.at(entity);
    const number = numbers.get(kind) ?? numbers.size;
    numbers.set(kind, number);
    return number;
  });
}

/** Returns, for each key, the entities that it names, the most popular first. Ties are ordered by id. */
function namedEntities(
  ids: readonly string[],
  order: Uint32Array,
  popularity: readonly number[],
  names: Lists,
  texts: ValueTexts,
): Groups {
  const nameKeys = names.groups();
  const ranks = Uint32Array.from(order.keys());
  ranks.sort((a, b) => popularity[order[b]!]! - popularity[order[a]!]! || a - b);
  const keys = createNumbers();
  const entities = createNumbers();
  const lastOf = new Uint32Array(texts.keys()).fill(NONE);
  const starts = new Uint32Array(texts.keys() + 1);
  for (const rank of ranks) {
    const entity = order[rank]!;
    const addKey = (key: number): void => {
      if (lastOf[key] === rank) return;
      lastOf[key] = rank;
      keys.push(key);
      entities.push(rank);
      starts[key + 1]!++;
    };
    for (let at = nameKeys.starts[entity]!; at < nameKeys.starts[entity + 1]!; at++)
      addKey(nameKeys.items[at]!);
    const key = texts.keyOfId(ids[entity]!);
    if (key !== undefined) addKey(key);
  }
  for (let key = 0; key + 1 < starts.length; key++) starts[key + 1]! += starts[key]!;
  const next = starts.slice();
  const items = new Uint32Array(keys.length());
  for (let at = 0; at < items.length; at++) items[next[keys.at(at)]!++] = entities.at(at);
  return { starts, items };
}

const sizeOf = ({ starts }: Groups, group: number): number => starts[group + 1]! - starts[group]!;

/**
 * Returns whether a key has a target other than this entity. A key that names more than `MAX_TARGETS` entities has no
 * targets.
 */
function hasTarget(named: Groups, key: number, entity: number): boolean {
  const size = sizeOf(named, key);
  return size > 1 ? size <= MAX_TARGETS : size === 1 && named.items[named.starts[key]!] !== entity;
}

/**
 * Returns, for each text, the keys of its relations. If the whole text names entities, the key that names them is its
 * only key. Otherwise, its keys are the key for the comparison with other values, and one key of each segment that
 * names entities or is a complete date. Complete dates have keys because one caption may well name people who died on
 * the same day.
 */
function keysOfTexts(texts: ValueTexts, named: Groups): Groups {
  const names = texts.names();
  const segments = texts.segments();
  const compared = texts.compared();
  const nameOf = (text: number): number | undefined => {
    for (let at = names.starts[text]!; at < names.starts[text + 1]!; at++)
      if (sizeOf(named, names.items[at]!) > 0) return names.items[at];
    return undefined;
  };
  const isDay = (text: number): boolean =>
    names.starts[text] === names.starts[text + 1] && compared[text] !== NONE;
  const lists = createLists();
  for (let text = 0; text < texts.texts(); text++) {
    const whole = nameOf(text);
    if (whole !== undefined) lists.items.push(whole);
    else {
      if (compared[text] !== NONE) lists.items.push(compared[text]!);
      for (let at = segments.starts[text]!; at < segments.starts[text + 1]!; at++) {
        const segment = segments.items[at]!;
        const key = nameOf(segment) ?? (isDay(segment) ? compared[segment]! : undefined);
        if (key !== undefined) lists.items.push(key);
      }
    }
    lists.end();
  }
  return lists.groups();
}

interface FoundRelations {
  /**
   * For each entity, the keys of its relations. `property` contains the property of each relation, in the same order.
   */
  readonly keys: Groups;
  readonly property: Uint32Array;
  /** For each key, the number of entities that have it. */
  readonly holders: Uint32Array;
  readonly propertyValues: Uint32Array;
  readonly propertyNamed: Uint32Array;
}

/**
 * Finds the relations of all entities, including those whose key belongs to no other entity and names no other entity.
 */
function findRelations(
  order: Uint32Array,
  properties: number,
  propertyRank: Uint32Array,
  valueProperty: Numbers,
  values: Lists,
  texts: ValueTexts,
  named: Groups,
): FoundRelations {
  const ofText = keysOfTexts(texts, named);
  const { starts, items } = values.groups();
  const propertyValues = new Uint32Array(properties);
  const propertyNamed = new Uint32Array(properties);
  const holders = new Uint32Array(texts.keys());
  const lastOf = new Uint32Array(texts.keys()).fill(NONE);
  const relations = createLists();
  const property = createNumbers();
  const seen = new Set<number>();
  order.forEach((entity, rank) => {
    seen.clear();
    for (let at = starts[entity]!; at < starts[entity + 1]!; at++) {
      const ofValue = propertyRank[valueProperty.at(at)]!;
      if (ofValue === NONE) continue;
      let isNamed = false;
      for (let index = ofText.starts[items[at]!]!; index < ofText.starts[items[at]! + 1]!; index++) {
        const key = ofText.items[index]!;
        isNamed ||= hasTarget(named, key, rank);
        const pair = ofValue * 2 ** 32 + key;
        if (seen.has(pair)) continue;
        seen.add(pair);
        relations.items.push(key);
        property.push(ofValue);
        if (lastOf[key] !== rank) holders[key]!++;
        lastOf[key] = rank;
      }
      propertyValues[ofValue]!++;
      if (isNamed) propertyNamed[ofValue]!++;
    }
    relations.end();
  });
  return { keys: relations.groups(), property: property.view(), holders, propertyValues, propertyNamed };
}

type KeptRelations = Pick<
  RelationTables,
  "relationStart" | "relationProperty" | "relationKey" | "holders" | "targetStart" | "target"
>;

/**
 * Keeps the relations whose key also belongs to another entity or names another entity. Numbers their keys by first
 * occurrence.
 */
function keepRelations({ keys, property, holders }: FoundRelations, named: Groups): KeptRelations {
  const numbers = new Uint32Array(holders.length).fill(NONE);
  const kept: Numbers = createNumbers(); // the old number of each key
  const relations = createLists();
  const properties = createNumbers();
  for (let entity = 0; entity + 1 < keys.starts.length; entity++) {
    for (let at = keys.starts[entity]!; at < keys.starts[entity + 1]!; at++) {
      const key = keys.items[at]!;
      if (holders[key]! < 2 && !hasTarget(named, key, entity)) continue;
      if (numbers[key] === NONE) {
        numbers[key] = kept.length();
        kept.push(key);
      }
      relations.items.push(numbers[key]!);
      properties.push(property[at]!);
    }
    relations.end();
  }
  const targets = createLists();
  for (const key of kept.view()) {
    if (sizeOf(named, key) <= MAX_TARGETS)
      for (let at = named.starts[key]!; at < named.starts[key + 1]!; at++)
        targets.items.push(named.items[at]!);
    targets.end();
  }
  const { starts, items } = relations.groups();
  const target = targets.groups();
  return {
    relationStart: starts.slice(),
    relationProperty: Uint16Array.from(properties.view()),
    relationKey: items.slice(),
    holders: kept.view().map((key) => holders[key]!),
    targetStart: target.starts.slice(),
    target: target.items.slice(),
  };
}

/** Counts, for each property and kind of entity, the unambiguous values that name an entity of this kind. */
function countKinds(
  { relationStart, relationProperty, relationKey, targetStart, target }: KeptRelations,
  kind: Uint32Array,
  properties: number,
): Pick<RelationTables, "countStart" | "countKind" | "countValues"> {
  const counts = Array.from({ length: properties }, () => new Map<number, number>());
  for (let entity = 0; entity + 1 < relationStart.length; entity++)
    for (let at = relationStart[entity]!; at < relationStart[entity + 1]!; at++) {
      const key = relationKey[at]!;
      const others = target.subarray(targetStart[key]!, targetStart[key + 1]!);
      const only = others.length === 1 ? others[0]! : otherOfTwo(others, entity);
      if (only === undefined || only === entity) continue;
      const count = counts[relationProperty[at]!]!;
      count.set(kind[only]!, (count.get(kind[only]!) ?? 0) + 1);
    }
  const kinds = createLists();
  const values = createNumbers();
  for (const count of counts) {
    for (const [number, sum] of [...count].sort(([a], [b]) => a - b)) {
      kinds.items.push(number);
      values.push(sum);
    }
    kinds.end();
  }
  const { starts, items } = kinds.groups();
  return { countStart: starts.slice(), countKind: items.slice(), countValues: values.view().slice() };
}

/** Returns the other entity if there are two and one of them is this entity. */
function otherOfTwo(entities: Uint32Array, entity: number): number | undefined {
  if (entities.length !== 2) return undefined;
  if (entities[0] === entity) return entities[1];
  return entities[1] === entity ? entities[0] : undefined;
}

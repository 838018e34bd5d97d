import { itemNumber } from "./id-set.js";
import { fieldOf, listOf, objectOf } from "./json.js";

/** A value that a statement gives, as Wikidata writes it: `{"type":"time","value":{…}}`. */
export interface DataValue {
  readonly type: string;
  readonly value: unknown;
}

type Claims = Readonly<Record<string, unknown>>;

/**
 * The values of a property's best statements, in their order: of the preferred ones if there are any, otherwise of the
 * normal ones. "Some value" and "no value" are none, and deprecated statements do not count.
 */
export function bestValues(claims: Claims, property: string): DataValue[] {
  const statements = statementsOf(claims, property);
  const preferred = statements.filter(({ rank }) => rank === "preferred");
  const best = preferred.length > 0 ? preferred : statements.filter(({ rank }) => rank !== "deprecated");
  return best.flatMap(given);
}

/** Whether a statement that is not deprecated gives one of these items as a value. */
export function namesAny(claims: Claims, property: string, items: readonly string[]): boolean {
  return statementsOf(claims, property).some((statement) => {
    if (statement.rank === "deprecated") return false;
    return given(statement).some(({ value }) => items.includes(itemOf(value) ?? ""));
  });
}

/** The id of an item value, also of the old form that has its number alone; undefined for properties and lexemes. */
export function itemOf(value: unknown): string | undefined {
  const { id, "numeric-id": number, "entity-type": kind } = objectOf(value);
  if (typeof id === "string") return itemNumber(id) === undefined ? undefined : id;
  return kind === "item" && typeof number === "number" && number > 0 ? `Q${number}` : undefined;
}

function statementsOf(claims: Claims, property: string): Readonly<Record<string, unknown>>[] {
  return listOf(fieldOf(claims, property)).map(objectOf);
}

function given({ mainsnak }: Readonly<Record<string, unknown>>): DataValue[] {
  const { snaktype, datavalue } = objectOf(mainsnak);
  const { type, value } = objectOf(datavalue);
  return snaktype === "value" && typeof type === "string" ? [{ type, value }] : [];
}

import type { EntityStore } from "../../kb/index.js";
import type { Extension } from "./requests.js";
import { valuesOf } from "./vocabulary.js";

/** The values of properties of entities; an entity that is not there has none. */
export async function extend(store: EntityStore, { ids, properties }: Extension): Promise<object> {
  const entities = await store.getMany([...new Set(ids)]);
  const rowOf = (id: string): object => {
    const entity = entities.get(id);
    return Object.fromEntries(
      properties.map((property) => [
        property.id,
        entity === undefined ? [] : valuesOf(entity, property.id).map((str) => ({ str })),
      ]),
    );
  };
  return {
    meta: properties.map(({ id }) => ({ id, name: id })),
    rows: Object.fromEntries(ids.map((id) => [id, rowOf(id)])),
  };
}

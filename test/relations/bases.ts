import fc from "fast-check";
import type { Entity } from "../../src/core/index.js";
import type { Relations } from "../../src/relations/index.js";

/** An entity with a name, and optional further fields. */
export function named(id: string, label: string, parts: Partial<Entity> = {}): Entity {
  return { id, label, aliases: [], properties: {}, images: [], ...parts };
}

const name = fc.constantFrom(
  "Tarn Hollow",
  "tarn hollow",
  "Ostwick",
  "Mirefield",
  "Guild of Weavers",
  "Ada Fenn",
  "Fenn, Ada",
  "e1",
  "1924",
  "Ålvik",
);

/** Values that often name an entity, as a whole or in a segment, or that entities share. */
const value = fc.oneof(
  name,
  fc.constantFrom("painter", "Painter", "weaver; dyer", "E1", "e2", "1924", "", "—"),
  fc
    .tuple(fc.constantFrom("1924-05-03, ", "Born in ", "May 1924 ", "(", ""), name, name)
    .map(([lead, a, b]) => `${lead}${a} (${b})`),
  fc.tuple(name, name).map((both) => both.join("; ")),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);

const properties = fc.dictionary(
  fc.constantFrom("type", "place", "trade", "member", "note", "constructor"),
  fc.array(value, { maxLength: 3 }),
  { maxKeys: 4, noNullPrototype: true },
);

/** Small knowledge bases with many relations, and with repeated names, popularity and kinds. */
export const bases: fc.Arbitrary<Entity[]> = fc
  .array(
    fc.record({
      label: name,
      aliases: fc.array(name, { maxLength: 2 }),
      properties,
      popularity: fc.option(fc.nat(3), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) =>
    all.map(({ popularity, ...rest }, at) =>
      named(`e${at}`, rest.label, { ...rest, ...(popularity !== undefined && { popularity }) }),
    ),
  );

/** Everything that relations say about these ids. */
export const contentOf = (relations: Relations, ids: readonly string[]) => ({
  size: relations.size,
  properties: relations.properties,
  of: ids.map((id) => relations.of(id)),
  related: ids.map((id) => relations.related([id], 100)),
  naming: ids.map((id) => relations.naming(id, { minShare: 0, limit: 100 })),
});

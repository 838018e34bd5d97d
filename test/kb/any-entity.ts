import fc from "fast-check";
import type { Entity } from "../../src/core/index.js";

/** Any JavaScript string, including NUL, lone surrogates, quotes and emoji. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string(),
  fc.constant("\ud83d"),
  fc.constant("a\0b"),
);
const propertyName = anyText.filter((name) => name !== "__proto__");

export const anyEntity: fc.Arbitrary<Entity> = fc
  .record(
    {
      id: anyText.filter((id) => id !== ""),
      label: anyText,
      aliases: fc.array(anyText, { maxLength: 4 }),
      description: anyText,
      properties: fc.dictionary(propertyName, fc.array(anyText, { maxLength: 3 }), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
      images: fc.array(anyText, { maxLength: 2 }),
      popularity: fc.double({ min: 0, max: 1e300, noNaN: true }).map((fame) => fame + 0),
      url: fc.webUrl(),
    },
    { requiredKeys: ["id", "label", "aliases", "properties", "images"], noNullPrototype: true },
  )
  .map((made) => made as Entity);

import fc from "fast-check";
import { expect, it } from "vitest";
import { createEntityCache } from "../../src/kb/cache.js";
import { encodeEntity } from "../../src/kb/content.js";
import { entity } from "./entities.js";

const SIZE = encodeEntity(entity("Q00")).length;
const ids = fc.integer({ min: 10, max: 99 }).map((number) => `Q${number}`);

it("the entity cache returns what was stored or nothing, and never holds more than two generations", () => {
  fc.assert(
    fc.property(fc.array(ids, { minLength: 30, maxLength: 200 }), (reads) => {
      const cache = createEntityCache(5 * SIZE);
      for (const id of reads) {
        const read = cache.get(id) ?? cache.decode(encodeEntity(entity(id)));
        expect(read).toEqual(entity(id));
        expect(cache.get(id)).toBe(read);
      }
      const held = Array.from({ length: 90 }, (_, index) => `Q${index + 10}`).filter((id) => cache.get(id));
      expect(held.length).toBeLessThanOrEqual(10);
    }),
  );
});

it("the entity cache keeps an entity that is read repeatedly", () => {
  const cache = createEntityCache(5 * SIZE);
  const often = cache.decode(encodeEntity(entity("Q10")));
  for (let index = 11; index < 99; index++) {
    cache.decode(encodeEntity(entity(`Q${index}`)));
    expect(cache.get("Q10")).toBe(often);
  }
});

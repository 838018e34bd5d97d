import type { Entity } from "../../src/core/index.js";

/** An entity with defaults for all fields that a test does not set. */
export function entity(id: string, parts: Partial<Entity> = {}): Entity {
  return { id, label: `Entity ${id}`, aliases: [], properties: {}, images: [], ...parts };
}

/** `count` entities with different names, not sorted by id. */
export function manyEntities(count: number): Entity[] {
  return Array.from({ length: count }, (_, index) => {
    const number = (index * 7919) % count;
    return entity(`Q${number}`, {
      label: `Person ${number.toString(36)} Surname${number % 97}`,
      aliases: [`P. Surname${number % 97}`],
      description: "a person ".repeat(20),
      properties: { birth: [`${1800 + (number % 200)}`], occupation: ["actor", "singer"] },
    });
  });
}

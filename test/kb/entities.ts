import type { Entity } from "../../src/core/index.js";

/** A complete entity from the parts that a test is about. */
export function entity(id: string, parts: Partial<Entity> = {}): Entity {
  return { id, label: `Entity ${id}`, aliases: [], properties: {}, images: [], ...parts };
}

/** `count` entities with different names, ids not in order. */
export function manyEntities(count: number): Entity[] {
  return Array.from({ length: count }, (_, at) => {
    const number = (at * 7919) % count;
    return entity(`Q${number}`, {
      label: `Person ${number.toString(36)} Surname${number % 97}`,
      aliases: [`P. Surname${number % 97}`],
      description: "a person ".repeat(20),
      properties: { birth: [`${1800 + (number % 200)}`], occupation: ["actor", "singer"] },
    });
  });
}

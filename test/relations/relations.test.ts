import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entity } from "../../src/core/index.js";
import { fold } from "../../src/names/index.js";
import { createRelations, createValueReader, type Relation } from "../../src/relations/index.js";
import { anyEntity } from "../kb/any-entity.js";
import { bases, contentOf, named } from "./bases.js";

const idsOf = (entities: readonly Entity[]): string[] => entities.map(({ id }) => id);

describe("the relations of any base", () => {
  it("do not depend on the order of the entities", () => {
    fc.assert(
      fc.property(bases, fc.infiniteStream(fc.nat()), (all, numbers) => {
        const shuffled = all.map((one) => [numbers.next().value, one] as const).sort(([a], [b]) => a - b);
        const other = createRelations(shuffled.map(([, one]) => one));
        expect(contentOf(other, idsOf(all))).toEqual(contentOf(createRelations(all), idsOf(all)));
      }),
    );
  });

  it("are mutual: related entities name each other in one direction or the other", () => {
    fc.assert(
      fc.property(bases, (all) => {
        const relations = createRelations(all);
        for (const { id } of all) {
          const targets = new Set(relations.of(id).flatMap((one) => one.targets.map((target) => target.id)));
          const related = relations.related([id], 100);
          expect(new Set(related).size).toBe(related.length);
          expect(related).not.toContain(id);
          for (const other of targets) expect(related).toContain(other);
          for (const other of related) {
            expect(relations.related([other], 100)).toContain(id);
            const isNamed = targets.has(other);
            const names = relations.of(other).some((one) => one.targets.some((target) => target.id === id));
            expect(isNamed || names).toBe(true);
          }
          for (const limit of [0, 1, 3])
            expect(relations.related([id], limit)).toEqual(related.slice(0, limit));
        }
      }),
    );
  });

  it("say of an entity which others name it, most certain first", () => {
    fc.assert(
      fc.property(bases, fc.constantFrom(0, 0.3, 0.5), (all, minShare) => {
        const relations = createRelations(all);
        for (const { id } of all) {
          const expected = all.flatMap((other) => {
            const naming = relations.of(other.id).flatMap(({ property, targets }) => {
              const share = targets.find((target) => target.id === id)?.share ?? 0;
              return share > 0 && share >= minShare ? [{ property, share }] : [];
            });
            if (naming.length === 0) return [];
            const properties = [...new Set(naming.map(({ property }) => property))];
            return [{ id: other.id, properties, share: Math.max(...naming.map(({ share }) => share)) }];
          });
          const { first, count } = relations.naming(id, { minShare, limit: 100 });
          const sorted = [...first].sort((a, b) => (a.id < b.id ? -1 : 1));
          expect(sorted).toEqual(expected.sort((a, b) => (a.id < b.id ? -1 : 1)));
          const shares = first.map(({ share }) => share);
          expect(shares).toEqual([...shares].sort((a, b) => b - a));
          expect(count).toBe(first.length);
          expect(relations.naming(id, { minShare, limit: 2 })).toEqual({ first: first.slice(0, 2), count });
        }
      }),
    );
  });

  it("come from values that a value reader reads in the same way", () => {
    fc.assert(
      fc.property(bases, (all) => {
        const relations = createRelations(all);
        const read = createValueReader(all);
        for (const { id, properties } of all)
          for (const [property, values] of Object.entries(properties)) {
            const targets = relations
              .of(id)
              .filter((one) => one.property === property)
              .flatMap((one) => one.targets.map((target) => target.id));
            const found = new Set(idsOf(values.flatMap(read)));
            for (const target of targets) expect(found).toContain(target);
            for (const other of found)
              if (other !== id && !values.some((value) => value.toLowerCase().includes(other)))
                expect(targets).toContain(other); // an id names an entity only if some value has it in the same case
          }
      }),
    );
  });

  it("name only other entities, with shares that sum to 1, and have a value that others share or that names one", () => {
    fc.assert(
      fc.property(bases, (all) => {
        const relations = createRelations(all);
        const holders = new Map<number, Set<string>>();
        for (const { id } of all)
          for (const { key } of relations.of(id)) holders.set(key, (holders.get(key) ?? new Set()).add(id));
        for (const { id, properties } of all) {
          const found = relations.of(id);
          const pairs = found.map(({ property, key }) => `${property} ${key}`);
          expect(new Set(pairs).size).toBe(pairs.length);
          const order = Object.keys(properties);
          const places = found.map(({ property }) => order.indexOf(property));
          expect(places).toEqual([...places].sort((a, b) => a - b));
          for (const { key, holders: count, targets } of found) {
            expect(count).toBe(holders.get(key)!.size);
            expect(count > 1 || targets.length > 0).toBe(true);
            expect(targets.map((target) => target.id)).not.toContain(id);
            const shares = targets.map(({ share }) => share);
            expect(shares).toEqual([...shares].sort((a, b) => b - a));
            if (targets.length > 0) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
          }
        }
      }),
    );
  });

  it("include every value that is the name of another entity", () => {
    fc.assert(
      fc.property(bases, (all) => {
        const relations = createRelations(all);
        for (const { id, properties } of all)
          for (const [property, values] of Object.entries(properties))
            for (const value of values) {
              const key = fold(value);
              if (!/\p{L}/u.test(key)) continue;
              const others = all.filter(
                (one) => one.id !== id && [one.label, ...one.aliases].some((name) => fold(name) === key),
              );
              if (others.length === 0) continue;
              const targets = relations
                .of(id)
                .filter((one) => one.property === property)
                .map((one) => one.targets.map((target) => target.id));
              expect(targets.some((some) => others.every((other) => some.includes(other.id)))).toBe(true);
            }
      }),
    );
  });

  it("are found in entities with any ids, names and values", () => {
    const anyBase = fc.uniqueArray(anyEntity, { selector: ({ id }) => id, maxLength: 6 });
    fc.assert(
      fc.property(anyBase, (all) => {
        const relations = createRelations(all);
        expect(contentOf(createRelations(all.toReversed()), idsOf(all))).toEqual(
          contentOf(relations, idsOf(all)),
        );
        expect(relations.of("no such id")).toEqual([]);
        expect(relations.related(["no such id"], 5)).toEqual([]);
        expect(relations.naming("no such id", { minShare: 0, limit: 5 })).toEqual({ first: [], count: 0 });
      }),
    );
  });
});

/** The places of this base and one person, whose property `life` has the given values. */
const TOWNS = [
  named("hollow", "Tarn Hollow", { aliases: ["Tarnhollow"], properties: { type: ["town"] } }),
  named("county", "Mere County", { properties: { type: ["county"] } }),
  named("ostwick", "Ostwick", { properties: { type: ["town"] } }),
  named("may", "May", { properties: { type: ["person"] } }),
  named("alvik", "Ålvik"),
];

const person = (...life: string[]): Entity => named("p1", "Ada Fenn", { properties: { life } });

/** The ids that the values of a person name, in order. */
const namedBy = (...life: string[]): string[] =>
  createRelations([...TOWNS, person(...life)])
    .of("p1")
    .flatMap(({ targets }) => targets.map(({ id }) => id));

describe("a value names an entity", () => {
  it.each<[string, string[]]>([
    ["Tarn Hollow", ["hollow"]],
    ["TARN  HOLLOW.", ["hollow"]],
    ["Tarnhollow", ["hollow"]],
    ["hollow", ["hollow"]],
    ["alvik", ["alvik"]],
    ["1932, Tarn Hollow", ["hollow"]],
    ["1950-10-19, Tarn Hollow", ["hollow"]],
    ["12 May 1900 Tarn Hollow", ["hollow"]],
    ["Ostwick 1904", ["ostwick"]],
    ["May", ["may"]],
    ["Tarn Hollow (Mere County)", ["hollow", "county"]],
    ["Born in Tarn Hollow; died in Ostwick", ["hollow", "ostwick"]],
    ["geboren 1904 in Ostwick", ["ostwick"]],
    ["Ostwick – Tarn Hollow / Mere County | Ålvik", ["ostwick", "hollow", "county", "alvik"]],
    ["奥斯特、Ostwick（Mere County）", ["ostwick", "county"]],
  ])("in %j", (value, ids) => {
    expect(namedBy(value)).toEqual(ids);
    expect(idsOf(createValueReader(TOWNS)(value))).toEqual(ids);
  });

  it.each([
    "Hollow",
    "Ada Fenn",
    "Tarn",
    "TH",
    "Ostwick-Tarn Hollow",
    "1900",
    "May 1900",
    "",
    "Hollow, 1900",
  ])("but not in %j", (value) => {
    expect(namedBy(value)).toEqual([]);
  });

  it("as a whole, before its segments are read", () => {
    const whole = named("whole", "Ostwick, Mere County");
    const relations = createRelations([...TOWNS, whole, person("Ostwick, Mere County")]);
    expect(relations.of("p1").flatMap(({ targets }) => targets)).toEqual([{ id: "whole", share: 1 }]);
    expect(idsOf(createValueReader([...TOWNS, whole])("Ostwick, Mere County"))).toEqual(["whole"]);
  });

  it("only in the first segments of a long value", () => {
    expect(namedBy(`${"lake, ".repeat(15)}Ostwick`)).toEqual(["ostwick"]);
    expect(namedBy(`${"lake, ".repeat(16)}Ostwick`)).toEqual([]);
    expect(namedBy(`${"x".repeat(2000)}, Ostwick`)).toEqual([]);
  });
});

describe("values that entities share", () => {
  const withTrade = (id: string, ...trade: string[]): Entity =>
    named(id, `Person ${id}`, { properties: { trade } });
  const keys = (relations: readonly Relation[]): number[] => relations.map(({ key }) => key);

  it("have the same key, also in different properties", () => {
    const relations = createRelations([
      withTrade("a", "Painter", "dyer", "1924"),
      named("b", "B", { properties: { craft: ["painter"], died: ["1924"] } }),
    ]);
    expect(relations.of("a")).toEqual([{ property: "trade", key: 0, holders: 2, targets: [] }]);
    expect(keys(relations.of("b"))).toEqual([0]);
    expect(relations.related(["a"], 5)).toEqual([]);
  });

  it("are compared without dates, and not if they are long", () => {
    const long = "a painter of rivers and mills ".repeat(5);
    const relations = createRelations([
      withTrade("a", "1904-05-12, Far Isle", long),
      withTrade("b", "Far Isle 1911", long),
    ]);
    expect(relations.of("a").map(({ holders }) => holders)).toEqual([2]);
    expect(relations.of("b")).toEqual(relations.of("a"));
  });

  it("may be dates that state the day, alone or in a longer value, but not years", () => {
    const relations = createRelations([
      withTrade("a", "1904-05-12, Far Isle", "1911"),
      withTrade("b", "1904-05-12", "1911"),
    ]);
    expect(relations.of("a").map(({ holders }) => holders)).toEqual([2]);
    expect(keys(relations.of("b"))).toEqual(keys(relations.of("a")));
  });

  it("are counted by property", () => {
    const { properties, size } = createRelations([...TOWNS, person("1932, Ostwick", "Ada Fenn", "1924")]);
    expect(size).toBe(6);
    expect(properties).toEqual([
      { name: "life", values: 3, named: 1 },
      { name: "type", values: 4, named: 0 },
    ]);
  });
});

describe("an ambiguous value", () => {
  const places = Array.from({ length: 8 }, (_, index) =>
    named(`place${index}`, `Place ${"abcdefgh"[index]}`, { properties: { type: ["town"] } }),
  );
  const dwellers = places.map(({ label }, index) =>
    named(`dweller${index}`, `Dweller ${index}`, { properties: { home: [label] } }),
  );

  it("names the entities of the kind that the property usually names with a larger share", () => {
    const relations = createRelations([
      ...places,
      ...dwellers,
      named("mill-town", "Millay", { properties: { type: ["town"] } }),
      named("mill-poet", "Millay", { properties: { type: ["poet"] }, popularity: 50 }),
      person(),
      named("dweller", "X", { properties: { home: ["Millay"], friend: ["Millay"] } }),
    ]);
    const [home, friend] = relations.of("dweller");
    expect(home!.targets).toEqual([
      { id: "mill-town", share: 0.9 },
      { id: "mill-poet", share: 0.1 },
    ]);
    expect(friend!.targets).toEqual([
      { id: "mill-poet", share: 0.5 },
      { id: "mill-town", share: 0.5 },
    ]);
  });

  it("has at most 32 targets, or none", () => {
    const namesakes = (count: number): Entity[] =>
      Array.from({ length: count }, (_, index) => named(`n${index}`, "Ann Lee", { popularity: index % 3 }));
    const targets = (count: number) =>
      createRelations([...namesakes(count), person("Ann Lee")])
        .of("p1")
        .flatMap((one) => one.targets);
    expect(targets(32)).toHaveLength(32);
    expect(targets(32)[0]).toEqual({ id: "n11", share: 1 / 32 });
    expect(targets(33)).toEqual([]);
  });
});

it("relations reject two entities with the same id", () => {
  const twice = [named("a", "A"), named("b", "B"), named("a", "C")];
  expect(() => createRelations(twice)).toThrowError(expect.objectContaining({ code: "DUPLICATE_ID" }));
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EntityInput, entityOf } from "../../src/core/index.js";
import { type EntityKind, kindOfEntity, kindOfType, typeFilter } from "../../src/names/index.js";

type Facts = Omit<Partial<EntityInput>, "properties"> & { readonly properties?: Record<string, string[]> };

const entity = (facts: Facts) => entityOf({ id: "1", label: "Yarrow", ...facts });
const typed = (...types: string[]) => entity({ properties: { type: types } });
const described = (description: string) => entity({ description });
const KINDS: readonly EntityKind[] = ["person", "organisation", "place", "work"];
const kind = fc.constantFrom(...KINDS);

describe("kindOfType", () => {
  it.each<[EntityKind | undefined, string]>([
    [
      "person",
      "person PER B-PER I-PER PERS Persons human Mensch persona личность Q5 painter Malerin писательница",
    ],
    [
      "organisation",
      "organisation organization ORG CorporateBody Körperschaft museum Verein университет Q43229",
    ],
    ["place", "place LOC U-LOC GPE Ort lieu municipality Gemeinde Fluss остров Hafenstadt capital Q515"],
    ["work", "work WORK_OF_ART Werk painting Roman film œuvre картина opera Q3305213"],
    [undefined, "MISC taxon event Q1 123 ∅"],
  ])("returns %s for %s", (expected, types) => {
    for (const type of types.split(" ")) expect([type, kindOfType(type)]).toEqual([type, expected]);
  });

  it.each<[string, EntityKind]>([
    ["association football club", "organisation"],
    ["human settlement", "place"],
    ["city in Norway", "place"],
    ["literary work", "work"],
    ["television station", "organisation"],
    ["publishing house", "organisation"],
    ["chairwoman of the board", "person"],
    ["by", "place"],
    ["http://schema.org/Person", "person"],
    ["https://www.wikidata.org/entity/Q5", "person"],
    ["dbo:Place", "place"],
  ])("returns the kind of the phrase or URL %s", (type, expected) => {
    expect(kindOfType(type)).toBe(expected);
  });

  it("does not depend on case or surrounding space", () => {
    const types = fc.constantFrom(
      "person",
      "ORG",
      "WORK_OF_ART",
      "municipality",
      "Gemeinde",
      "football club",
      "taxon",
    );
    fc.assert(
      fc.property(types, (type) => {
        const expected = kindOfType(type);
        for (const same of [type.toUpperCase(), type.toLowerCase(), ` ${type} `])
          expect(kindOfType(same)).toBe(expected);
      }),
    );
  });
});

describe("kindOfEntity", () => {
  it.each<[EntityKind, Record<string, string[]>]>([
    ["person", { birth: ["1905"], country: ["Norway"] }],
    ["person", { Beruf: ["Lehrer"] }],
    ["person", { "date of birth": ["1905-01-02"] }],
    ["person", { sex: ["female"], almaMater: ["Oslo"] }],
    ["organisation", { headquarters: ["Bergen"], country: ["Norway"] }],
    ["place", { population: ["1200"] }],
    ["place", { country: ["Norway"], coordinates: ["60.4, 5.3"] }],
    ["work", { creator: ["Ida Holm"], date: ["1905"] }],
  ])("finds a %s by its properties %j", (expected, properties) => {
    expect(kindOfEntity(entity({ properties }))).toBe(expected);
  });

  it.each<[EntityKind | undefined, string]>([
    ["person", "Norwegian painter and illustrator"],
    ["person", "British, 1889–1915"],
    ["person", "Direktor des Museums"],
    ["person", "museum director"],
    ["person", "écrivain français"],
    ["person", "русский писатель"],
    ["place", "city in Bavaria, Germany"],
    ["place", "Hafenstadt in Norwegen"],
    ["organisation", "football club from Bergen"],
    ["organisation", "opera house in Oslo"],
    ["work", "opera by Ida Holm"],
    ["work", "1930 film by Ida Holm"],
    [undefined, "film festival"],
    [undefined, "Battle of the River Yarrow"],
    [undefined, "automobile manufacturer and"],
    [undefined, "species of bird"],
    [undefined, ""],
    ["place", "castle built 1889–1915"],
    ["place", "Schloss, erbaut 1889–1915"],
    ["work", "film directed by Karl Holm"],
    ["work", "book about a painter"],
    ["organisation", "orchestra founded by Holm"],
    ["organisation", "company founded in 1889"],
    ["person", "founder of a film festival"],
    ["person", "the first woman to fly"],
    ["person", "mother to the king"],
  ])("returns %s for the description %s", (expected, description) => {
    expect(kindOfEntity(described(description))).toBe(expected);
  });

  it("returns undefined for properties that several kinds share", () => {
    expect(kindOfEntity(entity({ properties: { country: ["Norway"] } }))).toBeUndefined();
    expect(kindOfEntity(entity({ properties: { founded: ["1901"], region: ["West"] } }))).toBeUndefined();
  });

  it("prefers a declared type to all other properties and the description", () => {
    const properties = { occupation: ["painter"], birth: ["1905"] };
    const description = "Norwegian painter";
    fc.assert(
      fc.property(kind, (type) => {
        expect(kindOfEntity(entity({ description, properties: { ...properties, type: [type] } }))).toBe(type);
      }),
    );
  });

  it("prefers the property `kind` to the types of the knowledge base", () => {
    fc.assert(
      fc.property(kind, kind, (type, mapped) => {
        expect(kindOfEntity(entity({ properties: { type: [type], kind: [mapped] } }))).toBe(mapped);
      }),
    );
  });

  it("does not depend on the order of the properties, and accepts any text", () => {
    const value = fc.array(fc.string({ unit: "binary" }), { maxLength: 2 });
    const name = fc.oneof(
      fc.constantFrom("country", "creator", "population", "birth", "founded"),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.dictionary(name, value, { maxKeys: 4 }),
        fc.string({ unit: "binary", maxLength: 40 }),
        (properties, description) => {
          const reversed = Object.fromEntries(Object.entries(properties).reverse());
          expect(kindOfEntity(entity({ description, properties: reversed }))).toBe(
            kindOfEntity(entity({ description, properties })),
          );
        },
      ),
    );
  });
});

describe("typeFilter", () => {
  it("accepts the entities of a kind and those of unknown kind, and rejects all others", () => {
    fc.assert(
      fc.property(kind, kind, (wanted, own) => {
        expect(typeFilter(wanted)(typed(own))).toBe(wanted === own);
        expect(typeFilter(wanted)(entity({}))).toBe(true);
        expect(typeFilter(wanted)(typed("zyzzyva"))).toBe(true);
      }),
    );
  });

  it("accepts every entity whose own type is the mention's type", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (type, others) => {
        expect(typeFilter(type)(typed(...others, type))).toBe(true);
      }),
    );
  });

  it.each([
    ["municipality", ["municipality"], true],
    ["Municipality", ["municipality"], true],
    ["municipality", ["river"], false],
    ["municipality", ["place"], true],
    ["municipality", ["river", "place"], false],
    ["municipality", ["bridge"], false],
    ["municipality", ["person"], false],
    ["Dorf", ["village"], true],
    ["village", ["city"], false],
    ["municipality", ["municipality of Germany"], true],
    ["municipality", ["Q262166"], true],
    ["municipality", ["Q5"], false],
    ["museum", ["museum director"], false],
    ["locomotive", ["steam locomotive"], true],
    ["GPE", ["municipality"], true],
    ["PER", ["municipality"], false],
    ["locomotive", ["locomotive"], true],
    ["locomotive", ["wagon"], false],
    ["MISC", ["person"], true],
  ])("for the type %s and the entity types %j returns %s", (type, types, expected) => {
    expect(typeFilter(type)(typed(...types))).toBe(expected);
  });

  it("uses the kind of an entity that declares no type", () => {
    expect(typeFilter("municipality")(described("village in Norway"))).toBe(true);
    expect(typeFilter("municipality")(described("Norwegian painter"))).toBe(false);
  });
});

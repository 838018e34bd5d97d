import { describe, expect, it } from "vitest";
import { type CompanionSet, companionSet } from "../../experiments/paper/companion.js";
import { shortNames } from "../../experiments/paper/short-names.js";
import { type Caption, createRandom, type Entity, goldId, type Random } from "../../src/core/index.js";

const GIVEN = ["Ada", "Bruno", "Clara", "Dora", "Emil", "Fanny", "Gustav", "Hanna", "Igor", "Jutta"];
const FAMILY = ["Marlow", "Stein", "Novak", "Lindgren", "Moreau", "Ricci", "Duarte", "Visser"];

const TOWNS = ["Ar", "Bel", "Cor", "Dun", "Est"].flatMap((start) =>
  ["by", "dal", "foss", "mark", "wick"].map((end) => start + end),
);

/** A base of people of whom some are married and each is in a rowing club. */
function people(random: Random): Entity[] {
  const labels = GIVEN.flatMap((given) => FAMILY.map((family) => `${given} ${family}`));
  const names = random.shuffle(labels).slice(0, 60);
  return names.map((label, index): Entity => {
    const spouse = names[index ^ 1];
    const properties: Record<string, readonly string[]> = {
      club: [`Rowers of ${TOWNS[random.below(TOWNS.length)]}`],
      ...(index % 3 === 0 && spouse !== undefined && { spouse: [spouse] }),
    };
    return { id: `P${index}`, label, aliases: [], properties, images: [] };
  });
}

/** Whether two people are related, decided from their properties alone. */
function areRelated(a: Entity, b: Entity): boolean {
  const names = (one: Entity, other: Entity): boolean => (one.properties.spouse ?? []).includes(other.label);
  return names(a, b) || names(b, a) || a.properties.club![0] === b.properties.club![0];
}

const familyOf = ({ label }: Entity): string => label.split(" ")[1]!;
const goldsOf = ({ mentions }: Caption): string[] => mentions.map((mention) => goldId(mention)!);

function sets(): { readonly entities: readonly Entity[]; readonly set: CompanionSet }[] {
  return Array.from({ length: 20 }, (_, run) => {
    const entities = people(createRandom(`people/${run}`));
    return { entities, set: companionSet(entities, { seed: run, count: 10 }) };
  });
}

describe("companionSet", () => {
  const made = sets();

  it("finds captions of both kinds", () => {
    const ids = made.flatMap(({ set }) => set.own.map(({ id }) => id));
    expect(ids.filter((id) => id.startsWith("named")).length).toBeGreaterThan(20);
    expect(ids.filter((id) => id.startsWith("shared")).length).toBeGreaterThan(20);
  });

  it("has a companion who is related to the gold entity and to nobody else of the name", () => {
    for (const { entities, set } of made) {
      const byId = new Map(entities.map((entity) => [entity.id, entity]));
      for (const caption of set.own) {
        const [gold, companion] = goldsOf(caption).map((id) => byId.get(id)!);
        const bearers = entities.filter((entity) => familyOf(entity) === familyOf(gold!));
        expect(bearers.length).toBeGreaterThan(1);
        expect(bearers.filter((bearer) => areRelated(bearer, companion!))).toEqual([gold]);
      }
    }
  });

  it("swaps the companion for one of another caption who is related to nobody of the name", () => {
    for (const { entities, set } of made) {
      const byId = new Map(entities.map((entity) => [entity.id, entity]));
      for (const [index, caption] of set.swapped.entries()) {
        const [gold, stranger] = goldsOf(caption).map((id) => byId.get(id)!);
        const [own, companion] = goldsOf(set.own[index]!).map((id) => byId.get(id)!);
        expect(gold).toBe(own);
        expect(caption.text).toBe(set.own[index]!.text.replace(companion!.label, stranger!.label));
        const bearers = entities.filter((entity) => familyOf(entity) === familyOf(gold!));
        expect(bearers.filter((bearer) => areRelated(bearer, stranger!))).toEqual([]);
        expect(familyOf(stranger!)).not.toBe(familyOf(gold!));
      }
    }
  });

  it("writes the shared name alone and the companion in full, in either order", () => {
    const orders = new Set<boolean>();
    for (const { entities, set } of made)
      for (const { text, mentions } of [...set.own, ...set.swapped]) {
        for (const { text: name, span } of mentions) expect(text.slice(span!.start, span!.end)).toBe(name);
        const [gold, companion] = mentions.map((one) => entities.find(({ id }) => id === goldId(one))!);
        expect(mentions.map((mention) => mention.text)).toEqual([familyOf(gold!), companion!.label]);
        orders.add(mentions[0]!.span!.start < mentions[1]!.span!.start);
      }
    expect(orders.size).toBe(2);
  });

  it("uses no entity twice in the same place, and is determined by the seed", () => {
    for (const { entities, set } of made) {
      for (const fact of ["named", "shared"])
        for (const place of [0, 1]) {
          const ids = set.own.filter(({ id }) => id.startsWith(fact)).map((one) => goldsOf(one)[place]!);
          expect(new Set(ids).size).toBe(ids.length);
        }
      const again = companionSet(entities, { seed: made.findIndex((one) => one.set === set), count: 10 });
      expect(again).toEqual(set);
    }
    const { entities, set } = made[0]!;
    expect(companionSet(entities, { seed: 99, count: 10 })).not.toEqual(set);
  });

  it("takes no value that many have for a relation", () => {
    const clubsOf = (size: number): Entity[] =>
      TOWNS.slice(0, 2 * size).flatMap((town, index) =>
        ["Ada", "Emil"].map((given) => ({
          ...{ id: `${given}-${town}`, label: `${given} ${town}`, aliases: [], images: [] },
          properties: given === "Emil" ? {} : { club: [index < size ? "Rowers" : "Singers"] },
        })),
      );
    expect(companionSet(clubsOf(8), { seed: 1, count: 10 }).own.length).toBeGreaterThan(0);
    expect(companionSet(clubsOf(9), { seed: 1, count: 10 }).own).toEqual([]);
  });
});

describe("shortNames", () => {
  const mention = (text: string, start: number) => ({ text, span: { start, end: start + text.length } });

  it("cuts every name of several words in text and mentions, and drops captions without one", () => {
    const captions = [
      {
        id: "1",
        text: "Ada Marlow met Emil van Stein",
        mentions: [mention("Ada Marlow", 0), mention("Emil van Stein", 15)],
      },
      { id: "2", text: "Clara sang", mentions: [mention("Clara", 0)] },
    ];
    expect(shortNames(captions)).toEqual([
      { id: "1", text: "Marlow met van Stein", mentions: [mention("Marlow", 0), mention("van Stein", 11)] },
    ]);
  });
});

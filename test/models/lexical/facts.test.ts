import { describe, expect, it } from "vitest";
import type { Entity } from "../../../src/core/index.js";
import { createProfileReader } from "../../../src/models/lexical/entity-profile.js";
import { createLexicalEvidence } from "../../../src/models/lexical/pair-evidence.js";
import type { PairFact } from "../../../src/models/model.js";
import { createRelations } from "../../../src/relations/index.js";
import { entity } from "./fixtures.js";

const read = createProfileReader(10);
const { fact } = createLexicalEvidence({ features: {}, named: {}, shared: {} });
const others = Array.from({ length: 40 }, (_, at) => entity(`x${at}`, `Other${at}`));

/** Returns the fact that relates the first entity to the second in a base with 40 other entities. */
function factOf(left: Entity, right: Entity): PairFact | undefined {
  const relations = createRelations([left, right, ...others]);
  const related = (one: Entity) => ({
    profile: read(one),
    relations: relations.of(one.id).map((relation) => ({ ...relation, rarity: 1 / relation.holders })),
  });
  return fact!(related(left), related(right));
}

const band = entity("band", "Marsh Lanterns");

describe("the fact that relates two entities", () => {
  it.each([
    ["memberOf", "member of"],
    ["member_of", "member of"],
    ["P463", "P463"],
    ["alma mater", "alma mater"],
    ["член группы", "член группы"],
    ["所属グループ", "所属グループ"],
  ])("names the property %s of the entity whose value names the other, in words", (property, words) => {
    const singer = entity("singer", "Ida Corran", { [property]: ["Marsh Lanterns"] });
    expect(factOf(singer, band)).toEqual({ holder: "left", property: words });
    expect(factOf(band, singer)).toEqual({ holder: "right", property: words });
  });

  it("contains the value that both have, as the first entity writes it", () => {
    const [ida, per] = [
      entity("ida", "Ida Corran", { livesIn: ["Elsewhere"], school: ["Élm Academy"] }),
      entity("per", "Per Lindeman", { "studied at": ["elm academy"] }),
    ];
    expect(factOf(ida, per)).toEqual({ holder: "both", property: "school", value: "Élm Academy" });
  });

  it("is a value that names the other rather than a value that both have", () => {
    const [ida, per] = [
      entity("ida", "Ida Corran", { school: ["Elm Academy"], teacher: ["Per Lindeman"] }),
      entity("per", "Per Lindeman", { school: ["Elm Academy"] }),
    ];
    expect(factOf(ida, per)).toEqual({ holder: "left", property: "teacher" });
  });

  it("is undefined for strangers", () => {
    expect(factOf(entity("ida", "Ida Corran", { school: ["Elm Academy"] }), band)).toBeUndefined();
  });
});

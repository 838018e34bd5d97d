import { describe, expect, it } from "vitest";
import { createCandidateSource } from "../../src/candidates/index.js";
import { entityOf } from "../../src/core/index.js";
import { lookUp } from "../../src/linker/index.js";
import { createRelations } from "../../src/relations/index.js";

/** Thirty people named Vale, of whom only the least known is a member of the choir. */
const people = Array.from({ length: 30 }, (_, at) =>
  entityOf({
    id: `P${at}`,
    label: `Person${at} Vale`,
    popularity: 100 - at,
    properties: at === 29 ? { memberOf: ["Lowford Choir"], trade: ["glazier"] } : { trade: ["glazier"] },
  }),
);
const choir = entityOf({ id: "O1", label: "Lowford Choir" });
const entities = [...people, choir];
const knowledge = { source: createCandidateSource(entities), relations: createRelations(entities) };
const captionOf = (...names: string[]) => ({
  id: "c",
  text: names.join(" and "),
  mentions: names.map((text) => ({ text })),
});

describe("lookUp", () => {
  it("adds an entity beyond the limit that is related to a candidate of another mention", async () => {
    const [alone, together] = await lookUp(
      knowledge,
      [captionOf("Vale"), captionOf("Vale", "Lowford Choir")],
      10,
    );
    const ids = (list: typeof alone) => list!.candidates[0]!.map(({ entity }) => entity.id);
    expect(ids(alone)).toHaveLength(10);
    expect(ids(alone)).not.toContain("P29");
    expect(ids(together)).toEqual([...ids(alone), "P29"]);
  });

  it("adds nothing if the name has fewer candidates than the limit", async () => {
    const [found] = await lookUp(knowledge, [captionOf("Vale", "Lowford Choir")], 100);
    expect(found!.candidates[0]).toHaveLength(30);
  });

  it("gives candidates their relations only in captions with several mentions", async () => {
    const [alone, together] = await lookUp(
      knowledge,
      [captionOf("Vale"), captionOf("Vale", "Lowford Choir")],
      10,
    );
    expect(alone!.candidates[0]![0]!.relations).toBeUndefined();
    const added = together!.candidates[0]!.at(-1)!.relations!;
    expect(added.map(({ property, targets }) => [property, targets.map(({ id }) => id)])).toEqual([
      ["memberOf", ["O1"]],
      ["trade", []],
    ]);
    expect(added[0]!.rarity).toBeCloseTo(Math.log(31) / Math.log(1000), 12);
    expect(added[1]!.rarity).toBeCloseTo(Math.log(31 / 30) / Math.log(1000), 12);
  });
});

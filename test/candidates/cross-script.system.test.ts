import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CandidateSource, createCandidateSource } from "../../src/candidates/index.js";
import { createLinker } from "../../src/linker/index.js";
import { CROSS_SCRIPT_NAMES, LATER_NAMES, SCRIPTS } from "./cross-script-names.js";
import { crossScriptPeople } from "./cross-script-people.js";
import { ask, labels, named } from "./names.js";

const WAYS = SCRIPTS.flatMap((from, a) => SCRIPTS.flatMap((to, b) => (a === b ? [] : [{ from, to, a, b }])));

type Names = typeof CROSS_SCRIPT_NAMES;

/** Number of names in column `a` with the right entity among the first candidates. */
async function foundIn(source: CandidateSource, names: Names, a: number, first = 100): Promise<number> {
  const lists = await source.candidates(
    names.map((own) => own[a]!),
    first,
  );
  return lists.filter((list, at) => list.some(({ entity }) => entity.id === `own-${at}`)).length;
}

/** The same for a knowledge base of only these entities, labelled with column `b`. */
const found = (names: Names, a: number, b: number, first?: number): Promise<number> =>
  foundIn(createCandidateSource(names.map((own, at) => named(`own-${at}`, own[b]!))), names, a, first);

describe.each(WAYS)("candidates for names in $from script among entities in $to", ({ a, b }) => {
  it("rank the right entity first, except for exonyms", async () => {
    expect(await found(CROSS_SCRIPT_NAMES, a, b, 1)).toBeGreaterThanOrEqual(100); // of 104
    expect(await found(CROSS_SCRIPT_NAMES, a, b)).toBeGreaterThanOrEqual(103);
  });

  it("contain the right entity for names held out from the rules", async () => {
    expect(await found(LATER_NAMES, a, b)).toBeGreaterThanOrEqual(37); // of 40
  });
});

describe("candidates among 5,000 generated people with random spellings", () => {
  const people = crossScriptPeople(5000, 1);
  const asked = people.slice(0, 300);

  it.each(SCRIPTS)("find people with names in %s script by their names in the other scripts", async (to) => {
    const b = SCRIPTS.indexOf(to);
    const source = createCandidateSource(people.map((own, at) => named(`own-${at}`, own[b]!)));
    for (const { a } of WAYS.filter((way) => way.to === to)) {
      expect(await foundIn(source, asked, a, 1)).toBeGreaterThanOrEqual(280); // of 300
      expect(await foundIn(source, asked, a)).toBeGreaterThanOrEqual(294);
    }
  });
});

const wikimel = join(process.env.MMEL_SHARED ?? "../shared/data", "wikimel", "qid2ne.json");
describe.skipIf(!existsSync(wikimel))(
  "candidates among 18,880 other people with Latin names (skipped without ../shared/data/wikimel)",
  () => {
    const people = () =>
      Object.entries<string>(JSON.parse(readFileSync(wikimel, "utf8"))).map(([id, label]) =>
        named(id, label),
      );

    it.each(["latin", "arabic"] as const)(
      "find entities in %s script by names in the other scripts",
      async (to) => {
        const own = CROSS_SCRIPT_NAMES.map((names, at) => named(`own-${at}`, names[SCRIPTS.indexOf(to)]!));
        const source = createCandidateSource([...own, ...people()]);
        for (const { a } of WAYS.filter((way) => way.to === to))
          expect(await foundIn(source, CROSS_SCRIPT_NAMES, a)).toBeGreaterThanOrEqual(101); // of 104
      },
    );
  },
);

describe("candidates across scripts", () => {
  const bush = named("1", "George Bush", { aliases: ["Τζορτζ Μπους"] });
  const others = [named("2", "Джордж Буш"), named("3", "جورج بوش"), named("4", "Τζορτζ Μπους")];

  it("rank a name in the same script before names in other scripts", async () => {
    const source = createCandidateSource([...others, bush]);
    for (const name of ["George Bush", "Джордж Буш", "جورج بوش"]) {
      const [first, ...rest] = await ask(source, name);
      expect([first!.nameScore, first!.matchedName]).toEqual([1, name]);
      expect(rest.map(({ entity }) => entity.id)).toHaveLength(3);
      for (const { nameScore } of rest) expect(nameScore).toBeLessThan(0.97);
    }
    expect(
      (await ask(source, "Τζορτζ Μπους"))
        .map(({ entity }) => entity.id)
        .slice(0, 2)
        .sort(),
    ).toEqual(["1", "4"]);
  });

  it("report the likeness of the sounds in the parts of the score", async () => {
    const source = createCandidateSource([named("1", "Владимир Путин")]);
    const [{ names } = {}] = await ask(source, "Vladimir Putin");
    expect(names).toEqual({ subsequence: 1, prefix: 1, edit: 1 });
  });

  it("do not change for Latin names when names in another script are added", async () => {
    const latin = CROSS_SCRIPT_NAMES.map((own, at) => named(`latin-${at}`, own[0]!));
    const greek = CROSS_SCRIPT_NAMES.map((own, at) => named(`greek-${at}`, own[2]!));
    const [alone, together] = [createCandidateSource(latin), createCandidateSource([...latin, ...greek])];
    for (const [name] of CROSS_SCRIPT_NAMES.slice(0, 20)) {
      const own = (await ask(together, name!, 300)).filter(({ entity }) => entity.id.startsWith("latin"));
      expect(own).toEqual(await ask(alone, name!, 300));
    }
  });

  it("let a linker link captions in one script to a knowledge base in another", async () => {
    const kb = CROSS_SCRIPT_NAMES.map((own, at) => named(`own-${at}`, own[0]!));
    await using linker = await createLinker({ kb, model: "lexical" });
    const mentions = ["Ангела Меркель", "Барак Обама"].map((text) => ({ text }));
    const caption = { id: "1", text: "Ангела Меркель и Барак Обама, 2015", language: "ru", mentions };
    const linked = (await linker.link(caption)).mentions.map(({ entity }) => entity?.label);
    expect(linked).toEqual(["Angela Merkel", "Barack Obama"]);
    expect(await labels(createCandidateSource(kb), "مرزوقي", 1)).toEqual(["Moncef Marzouki"]);
  });
});

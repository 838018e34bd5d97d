import { describe, expect, it } from "vitest";
import { createCandidateSource } from "../../../src/candidates/index.js";
import type { Caption, Entity } from "../../../src/core/index.js";
import { lookUp } from "../../../src/linker/index.js";
import type { RelatedEntity } from "../../../src/models/lexical/pair-evidence.js";
import { loadModel } from "../../../src/models/registry.js";
import { rankCaption } from "../../../src/ranking/index.js";
import { createRelations } from "../../../src/relations/index.js";
import { among, caption, entity, featureOf } from "./fixtures.js";

const model = await loadModel("lexical");

/** Returns the ids of a mention's candidates, the best first. */
async function order(entities: readonly Entity[], caption: Caption, mention = 0): Promise<string[]> {
  const found = await among(entities, caption);
  const [scores] = await model.score([found]);
  const { match } = scores![mention]!;
  const list = found.candidates[mention]!;
  return list
    .map((_, index) => index)
    .sort((a, b) => match[b]! - match[a]!)
    .map((index) => list[index]!.entity.id);
}

const best = async (...args: Parameters<typeof order>): Promise<string | undefined> =>
  (await order(...args))[0];

const politician = {
  sex: ["male"],
  birth: ["1845, York"],
  death: ["1913, London"],
  occupation: ["politician"],
};
const footballer = { sex: ["male"], birth: ["1985, Leeds"], occupation: ["association football player"] };
const actress = { sex: ["female"], birth: ["1984, New York City"], occupation: ["actor", "film actor"] };
const smiths = [
  entity("politician", "Adam Smith", politician),
  entity("footballer", "Brian Smith", footballer),
  entity("actress", "Carol Smith", actress),
];

describe("a name that three people share", () => {
  it.each([
    ["Smith in 1902", "politician"],
    ["Congressman Smith", "politician"],
    ["Smith playing for Leeds United", "footballer"],
    ["Smith celebrates a goal in the FA Cup, 2009", "footballer"],
    ["Smith at the premiere of her film", "actress"],
    ["Smith at the 2012 Comic-Con", "actress"],
    ["Mrs Smith in 2012", "actress"],
    ["Carol with her brother Smith, actress", "actress"],
  ])('in "%s" means the %s', async (text, id) => {
    expect(await best(smiths, caption(text, "Smith"))).toBe(id);
  });
});

describe("captions in scripts without spaces", () => {
  const namesakes = [
    entity("painter", "林秀英", {}, { description: "中国画家" }),
    entity("swimmer", "林秀英", {}, { description: "游泳运动员" }),
  ];

  it.each([
    ["simplified characters", "游泳运动员林秀英在泳池边"],
    ["traditional characters", "游泳運動員林秀英在泳池邊"],
    ["the name at the start", "林秀英是著名的游泳运动员"],
  ])("share parts of words with the candidate: %s", async (_, text) => {
    const found = await among(namesakes, caption(text, "林秀英"));
    const shared = featureOf("words/other", found);
    expect(shared["painter"]).toBe(0);
    expect(shared["swimmer"]).toBeGreaterThan(0);
    expect(await best(namesakes, caption(text, "林秀英"))).toBe("swimmer");
  });

  it("do not share the characters of the mention", async () => {
    const family = [entity("family", "林秀英", {}, { description: "林秀英" }), ...namesakes];
    const found = await among(family, caption("林秀英在杭州", "林秀英"));
    expect(featureOf("words/other", found)["family"]).toBe(0);
  });
});

describe("the features of gender", () => {
  it("compare a word before the name with the candidate's sex", async () => {
    const found = await among(smiths, caption("Mrs Smith in 2012", "Smith"));
    expect(featureOf("gender/before agrees", found)).toEqual({ actress: 1, footballer: 0, politician: 0 });
    expect(featureOf("gender/before differs", found)).toEqual({ actress: 0, footballer: 1, politician: 1 });
  });

  it("are 0 without such a word", async () => {
    const found = await among(smiths, caption("Smith in 2012", "Smith"));
    expect(featureOf("gender/before agrees", found)).toEqual({ actress: 0, footballer: 0, politician: 0 });
  });
});

describe("years in a caption", () => {
  const [early, late] = [
    entity("early", "Paul Grey", { birth: ["1620"], death: ["1680"] }),
    entity("late", "Peter Grey", { birth: ["1920"], death: ["1990"] }),
  ];

  it("favour people who were alive", async () => {
    expect(await best([early, late], caption("Grey, 1655", "Grey"))).toBe("early");
    expect(await best([early, late], caption("Grey, 1955", "Grey"))).toBe("late");
    expect(await best([early, late], caption("Grey in the 17th century", "Grey"))).toBe("early");
    expect(await best([early, late], caption("Grey in the 1950s", "Grey"))).toBe("late");
  });

  it("count less against the dead in a caption of a statue", async () => {
    const lead = async (text: string): Promise<number> => {
      const found = await among([early, late], caption(text, "Grey"));
      const [scores] = await model.score([found]);
      const match = (id: string): number =>
        scores![0]!.match[found.candidates[0]!.findIndex((one) => one.entity.id === id)]!;
      return Math.log(match("early") / match("late"));
    };
    expect(await lead("Statue of Grey, 1985")).toBeGreaterThan(await lead("Grey, 1985"));
  });

  it("are compared with dates in other formats and properties with other names", async () => {
    const other = [
      entity("early", "Paul Grey", { "date of birth": ["2 May 1620"], "Date of death": ["1680-01-05"] }),
      entity("late", "Peter Grey", { dateOfBirth: ["1920-11-30"], died: ["in May 1990"] }),
    ];
    expect(await best(other, caption("Grey, 1655", "Grey"))).toBe("early");
    expect(await best(other, caption("Grey, 1955", "Grey"))).toBe("late");
  });
});

describe("namesakes", () => {
  it("are distinguished by other parts of the name in the caption", async () => {
    const paytons = [entity("corse", "Corse Payton"), entity("claude", "Claude Payton")];
    expect(await best(paytons, caption("Corse in a play of his own; Payton is on the left", "Payton"))).toBe(
      "corse",
    );
  });

  it("are distinguished by numerals", async () => {
    const kings = [
      entity("v", "Charles V of France", { occupation: ["monarch"] }),
      entity("vi", "Charles VI of France", { occupation: ["monarch"] }),
    ];
    expect(await best(kings, caption("Coronation of Charles VI", "Charles"))).toBe("vi");
    expect(await best(kings, caption("Coronation of Charles V", "Charles"))).toBe("v");
  });

  it("are distinguished by words in brackets", async () => {
    const freds = [entity("a", "Fred Cole (botanist)"), entity("b", "Fred Cole (drummer)")];
    expect(await best(freds, caption("Fred Cole, drummer", "Fred Cole"))).toBe("b");
  });

  it("all tie if nothing but the name is known, even 100 of them", async () => {
    const all = Array.from({ length: 100 }, (_, at) => entity(`e${at}`, "John Smith"));
    const [scores] = await model.score([await among(all, caption("John Smith in 1920", "John Smith"))]);
    expect(new Set(scores![0]!.match).size).toBe(1);
  });
});

describe("the other mentions of a caption", () => {
  const people = [
    entity("kaka", "Kaká", { ...footballer, spouse: ["Caroline Celico"] }),
    entity("celico", "Caroline Celico", { sex: ["female"], spouse: ["Kaká"] }),
    entity("other", "Caroline Conrad", { sex: ["female"], occupation: ["socialite"] }),
  ];

  it("favour a spouse", async () => {
    const relations = createRelations(people);
    const source = createCandidateSource(people);
    const text = caption("Kaká beside Caroline, his wife", "Kaká", "Caroline");
    const [found] = await lookUp({ source, relations }, [text], 100);
    const [scores] = await model.score([found!]);
    const ranked = await rankCaption(found!, scores!, model);
    expect(ranked[1]![0]!.candidate.entity.id).toBe("celico");
    const { entity, fact } = ranked[1]![0]!.support!()!;
    expect([entity.id, fact]).toEqual(["kaka", { holder: "left", property: "spouse" }]);
  });

  it("affect S: it is higher for a couple than for strangers", async () => {
    const relations = createRelations(people);
    const source = createCandidateSource(people);
    const [found] = await lookUp(
      { source, relations },
      [caption("Kaká and Caroline", "Kaká", "Caroline")],
      100,
    );
    const [scores] = await model.score([found!]);
    const [kaka, carolines] = scores!.map(({ features }) => features as RelatedEntity[]);
    const pairs = model.evidence!.pairs(kaka!.slice(0, 1), carolines!);
    const logit = (id: string): number =>
      pairs.find(({ right }) => carolines![right]!.profile.entity.id === id)?.logit ?? 0;
    expect(logit("celico")).toBeGreaterThan(logit("other"));
  });
});

describe("a knowledge base other than Wikidata-MEL", () => {
  it("distinguishes namesakes by popularity if nothing else is known", async () => {
    const two = [
      entity("a", "Springfield", {}, { popularity: 3 }),
      entity("b", "Springfield", {}, { popularity: 300 }),
    ];
    expect(await best(two, caption("A view of Springfield", "Springfield"))).toBe("b");
  });

  it("distinguishes things by words of the caption in descriptions", async () => {
    const jaguars = [
      entity("car", "Jaguar", {}, { description: "British manufacturer of luxury cars" }),
      entity("cat", "jaguar", {}, { description: "large cat of the rainforests of America" }),
    ];
    expect(await best(jaguars, caption("A jaguar sleeps in a tree in the rainforest", "jaguar"))).toBe("cat");
    expect(await best(jaguars, caption("The first cars that Jaguar sold", "Jaguar"))).toBe("car");
  });

  it("may contain nothing but names", async () => {
    expect(await best([entity("a", "Ωmega"), entity("b", "東京")], caption("東京 by night", "東京"))).toBe(
      "b",
    );
  });
});

describe("long captions", () => {
  it("take time in proportion to the number of mentions", async () => {
    const names = Array.from({ length: 2000 }, (_, at) => `Smith ${at}`);
    const long: Caption = {
      id: "long",
      text: names.join(" and "),
      mentions: names.map((text) => ({ text })),
    };
    const [candidates] = (await among(smiths, caption("Smith", "Smith"))).candidates;
    const started = process.cpuUsage();
    await model.score([{ caption: long, candidates: names.map(() => candidates!) }]);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom, type Entity } from "../../../src/core/index.js";
import type { Example, TrainingMention } from "../../../src/training/mmel/examples.js";
import {
  candidateNegatives,
  type Negatives,
  sampleGroup,
  tfidfNegatives,
} from "../../../src/training/mmel/sample.js";

const entity = (id: string, text = id): Entity => ({
  id,
  label: text,
  aliases: [],
  properties: {},
  images: [],
});

/** Captions with few entities, so that mentions often share golds and candidates. */
const example: fc.Arbitrary<Example> = fc
  .array(
    fc
      .uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 2, maxLength: 6 })
      .map((ids) => ids.map(String)),
    { minLength: 1, maxLength: 4 },
  )
  .map((lists) => ({
    caption: { id: "c", text: "", mentions: [] },
    mentions: lists.map(([gold, ...wrong], at): TrainingMention => {
      const choice = (id: string) => ({ entity: entity(id), prior: 0 });
      return { at, gold: choice(gold!), wrong: wrong.map(choice) };
    }),
  }));

const sampled = (given: Example, negatives: Negatives, seed: number, twice = true) =>
  sampleGroup(given, negatives, { twice, most: 2 }, createRandom(seed));

describe("sampleGroup", () => {
  const options = [example, fc.integer({ min: 1, max: 4 }), fc.integer(), fc.boolean()] as const;

  it("draws distinct negatives from each mention's candidates, at least one per mention, and no gold", () => {
    fc.assert(
      fc.property(...options, (given, count, seed, twice) => {
        const { mentions } = sampled(given, candidateNegatives(count, 1), seed, twice);
        const golds = new Set(mentions.map(({ choices }) => choices[0]!.entity.id));
        const wrong = mentions.flatMap(({ choices }) => choices.slice(1).map((c) => c.entity.id));
        expect(new Set(wrong).size).toBe(wrong.length);
        expect(wrong.filter((id) => golds.has(id))).toEqual([]);
        for (const { at, choices } of mentions) {
          const mention = given.mentions[at]!;
          expect(choices.length).toBeGreaterThan(1);
          expect(choices.length).toBeLessThanOrEqual(count + 1);
          expect(choices[0]).toBe(mention.gold);
          for (const choice of choices.slice(1)) expect(mention.wrong).toContain(choice);
        }
      }),
    );
  });

  it("depends only on the seed", () => {
    fc.assert(
      fc.property(...options, (given, count, seed, twice) => {
        const draw = () => sampled(given, candidateNegatives(count, 0), seed, twice);
        expect(draw()).toEqual(draw());
      }),
    );
  });

  it("uses a single mention once or twice, and draws two of several", () => {
    const wrong = ["1", "2", "3", "4"].map((id) => ({ entity: entity(id), prior: 0 }));
    const mention = (at: number) => ({ at, gold: { entity: entity("0"), prior: 0 }, wrong });
    const exampleOf = (...ats: number[]): Example => ({
      caption: { id: "c", text: "", mentions: [] },
      mentions: ats.map(mention),
    });
    const ats = (...args: Parameters<typeof sampled>) => sampled(...args).mentions.map(({ at }) => at);
    const negatives = candidateNegatives(1, 0);
    expect(ats(exampleOf(0), negatives, 1, true)).toEqual([0, 0]);
    expect(ats(exampleOf(0), negatives, 1, false)).toEqual([0]);
    const pairs = Array.from({ length: 200 }, (_, seed) => ats(exampleOf(0, 1, 2), negatives, seed).join());
    expect(new Set(pairs)).toEqual(new Set(["0,1", "0,2", "1,0", "1,2", "2,0", "2,1"]));
  });

  it("keeps the best negatives and draws the others", () => {
    const wrong = Array.from({ length: 20 }, (_, at) => ({ entity: entity(`w${at}`), prior: -at }));
    const given = {
      caption: { id: "c", text: "", mentions: [] },
      mentions: [{ at: 0, gold: { entity: entity("g"), prior: 0 }, wrong }],
    };
    const drawn = Array.from({ length: 50 }, (_, seed) =>
      sampled(given, candidateNegatives(5, 2), seed, false)
        .mentions[0]!.choices.slice(1)
        .map((c) => c.entity.id),
    );
    for (const ids of drawn) expect(ids.slice(0, 2)).toEqual(["w0", "w1"]);
    expect(new Set(drawn.flatMap((ids) => ids.slice(2))).size).toBe(18);
  });
});

describe("tfidfNegatives", () => {
  const texts = ["actor rome", "actor paris", "painter rome", "painter oslo", "poet lima", "unlike anyone"];
  const entities = texts.map((text, at) => entity(String(at), text));
  const wordsOf = ({ label }: Entity) => label.split(" ");
  const draw = (gold: number, uniform: number, seed: number, count = 1): Entity[] => {
    const choice = { entity: entities[gold]!, prior: 0 };
    const mention = { at: 0, gold: choice, wrong: [] };
    const negatives = tfidfNegatives(entities, wordsOf, { count, uniform });
    return negatives(mention, new Set([String(gold)]), createRandom(seed)).map((c) => c.entity);
  };
  const seeds = Array.from({ length: 300 }, (_, seed) => seed);

  it("draws entities that share a word with the gold entity", () => {
    const ids = new Set(seeds.flatMap((seed) => draw(0, 0, seed).map(({ id }) => id)));
    expect(ids).toEqual(new Set(["1", "2"]));
  });

  it("draws any entity in a share of the draws", () => {
    const strangers = seeds.filter((seed) => !["1", "2"].includes(draw(0, 0.5, seed)[0]!.id));
    expect(strangers.length / seeds.length).toBeGreaterThan(0.2);
    expect(strangers.length / seeds.length).toBeLessThan(0.4); // half of the draws, of which 3 in 5 are strangers
  });

  it("draws any entity if no word is shared, and as many as there are", () => {
    expect(draw(5, 0, 1)).toHaveLength(1);
    expect(new Set(draw(0, 0, 1, 5)).size).toBe(5);
    expect(draw(0, 0, 1, 9)).toHaveLength(5);
  });

  it("prefers rare words to common ones", () => {
    const more = [
      entity("g", "rare common"),
      entity("r", "rare"),
      ...["a", "b", "c", "d", "e"].map((id) => entity(id, "common")),
    ];
    const negatives = tfidfNegatives([...more, entity("z", "z")], wordsOf, { count: 1, uniform: 0 });
    const mention = { at: 0, gold: { entity: more[0]!, prior: 0 }, wrong: [] };
    const rare = seeds.filter(
      (s) => negatives(mention, new Set(["g"]), createRandom(s))[0]!.entity.id === "r",
    );
    expect(rare.length).toBeGreaterThan(seeds.length / 2);
  });
});

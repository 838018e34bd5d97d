// Ranks candidates with your own model, which prefers the most popular candidate. Run: npx tsx examples/own-model.ts
import { createLinker, type Model } from "mmel";

const famous: Model<undefined> = {
  name: "famous",
  hash: "1",
  pairs: {
    combine: () => undefined,
    similarities: async (left, right) => new Float64Array(left.length * right.length),
  },
  // One entry per caption, one per mention, one match score in (0, 1) per candidate.
  score: async (captions) =>
    captions.map(({ candidates }) =>
      candidates.map((list) => ({
        match: list.map(({ entity }) => 1 - 1 / (2 + (entity.popularity ?? 0))),
        features: list.map(() => undefined),
      })),
    ),
  close: async () => {},
  [Symbol.asyncDispose]: async () => {},
};

const kb = [
  { id: "city", label: "Paris", popularity: 100 },
  { id: "hero", label: "Paris (mythology)", aliases: ["Paris"], popularity: 5 },
];
const linker = await createLinker({ kb, model: famous });
const { mentions, model } = await linker.link({
  id: "1",
  text: "Paris by night",
  mentions: [{ text: "Paris" }],
});
console.log(model, mentions[0]?.entity?.id);
await linker.close();

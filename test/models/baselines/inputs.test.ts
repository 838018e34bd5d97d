import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Caption, Entity } from "../../../src/core/index.js";
import { createPairEncoder, createTokenizer } from "../../../src/encoders/index.js";
import { BASELINE_NAMES, FIXED_LENGTHS, isMentionPass } from "../../../src/models/baselines/table.js";
import { mmelConfigSchema, passesOf, usesImages } from "../../../src/models/mmel/config.js";
import { createPairReader, pairInputs } from "../../../src/models/mmel/inputs.js";
import { TINY } from "../../encoders/model-folders.js";

const tokenizer = createTokenizer(
  JSON.parse(readFileSync(join(TINY, "tokenizer.json"), "utf8")),
  30522,
  TINY,
);
const encoder = createPairEncoder(tokenizer, { maxTokens: 64, contextShare: 0.5 });
const text = "one two Ada three four";
const caption: Caption = {
  id: "1",
  text,
  image: "1.jpg",
  mentions: [{ text: "Ada", span: { start: 8, end: 11 } }, { text: "Ada" }, { text: "Bob" }],
};
const entities = ["a", "b"].map(
  (id) =>
    ({
      id,
      label: `name ${id}`,
      aliases: [],
      properties: { sex: ["male"] },
      images: [],
    }) as unknown as Entity,
);
const read = (variant: string, mention = 0) =>
  createPairReader({ config: mmelConfigSchema.parse({ variant }), encoder })(caption, mention, entities);
const plain = (words: string): number[] => [
  ...tokenizer.single.before,
  ...tokenizer.encode(words),
  ...tokenizer.single.after,
];

describe("the pairs of baselines", () => {
  it.each([
    ["with a place", 0, "one two ", " three four"],
    ["without a place, at its first occurrence", 1, "one two ", " three four"],
    ["that is not in the text", 2, text, ""],
  ])("have the words around a mention %s", async (_, mention, before, after) => {
    const { tokens } = (await read("ARNN", mention))[0]!;
    expect([...tokens.left!.ids]).toEqual(plain(before));
    expect([...tokens.right!.ids]).toEqual(plain(after));
    expect([...tokens.mention!.ids]).toEqual(plain(caption.mentions[mention]!.text));
  });

  it("keep the words next to the mention if there are too many", () => {
    const words = Array.from({ length: 50 }, (_, at) => `${at % 10}`).join(" ");
    const [first, last] = [encoder.plain(words, 10), encoder.plain(words, 10, true)];
    const size = 10 - plain("").length;
    expect([...first.ids]).toEqual(plain(words.split(" ").slice(0, size).join(" ")));
    expect([...last.ids]).toEqual(plain(words.split(" ").slice(-size).join(" ")));
  });

  it("have the letters of a mention and the label of an entity", async () => {
    const [letters] = await read("DZMNED-BERT");
    expect([...letters!.tokens.letters!.ids]).toEqual(plain("A d a"));
    const names = await read("GENRE");
    expect(names.map(({ tokens }) => [...tokens.name!.ids])).toEqual([plain("name a"), plain("name b")]);
  });

  it.each(BASELINE_NAMES)(
    "of %s share the tokens of their mention, and differ in their key",
    async (variant) => {
      const pairs = await read(variant);
      const config = mmelConfigSchema.parse({ variant, imageWidth: 4 });
      for (const pass of passesOf(config).filter(isMentionPass))
        expect(pairs[1]!.tokens[pass]).toBe(pairs[0]!.tokens[pass]);
      expect(new Set(pairs.map(({ key }) => key)).size).toBe(2);
      const inputs = pairInputs(pairs, config, [64], 2);
      for (const pass of passesOf(config))
        expect(inputs[`${pass}.ids`]!.shape).toEqual([
          isMentionPass(pass) ? 1 : 2,
          FIXED_LENGTHS[pass] ?? 64,
        ]);
      expect("context.images" in inputs).toBe(usesImages(config));
    },
  );
});

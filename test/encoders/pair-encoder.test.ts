import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InputTokens } from "../../src/encoders/index.js";
import { createPairEncoder, createTokenizer, type TextTokenizer } from "../../src/encoders/index.js";
import { MINILM, TINY } from "./model-folders.js";
import { contextSentence, entitySentence } from "./template.js";

const read = (folder: string): TextTokenizer =>
  createTokenizer(JSON.parse(readFileSync(join(folder, "tokenizer.json"), "utf8")), 30522, folder);
const tiny = read(TINY);
const expected = JSON.parse(readFileSync(join(TINY, "expected.json"), "utf8"));
const wide = { maxTokens: 4096, contextShare: 0.5 };

/** The ids of the two whole texts. */
function joined({ encode, pair }: TextTokenizer, first: string, second: string): number[] {
  return [...pair.before, ...encode(first), ...pair.between, ...encode(second), ...pair.after];
}

const sideIds = (input: InputTokens, side: "context" | "entity"): number[] =>
  [...input.ids].slice(input[side].start, input[side].end);

describe("createPairEncoder", () => {
  it("returns the ids and segments of transformers", () => {
    const encoder = createPairEncoder(tiny, { maxTokens: 64, contextShare: 0.5 });
    expected.pairs.forEach(([mention, text, entity]: [string, string, string], row: number) => {
      const input = encoder.pair(encoder.context(mention, text), encoder.entity(entity));
      expect([...input.ids]).toEqual(expected.ids[row]);
      expect(input.secondFrom).toBe(expected.segments[row].indexOf(1));
    });
  });

  const tokenizers = { "tiny tokenizer": TINY, "all-MiniLM-L6-v2": MINILM };
  describe.each(Object.entries(tokenizers))("%s", (name, folder) => {
    it.skipIf(!existsSync(folder))(`tokenises the parts like the joined text [needs ${name}]`, () => {
      const tokenizer = read(folder);
      const encoder = createPairEncoder(tokenizer, wide);
      const piece = fc.oneof(
        fc.string({ unit: "binary", maxLength: 12 }),
        fc.string({ unit: "grapheme", maxLength: 12 }),
        fc.constantFrom(
          "Mr. ",
          "ΟΔΟΣ",
          "İstanbul",
          "\u0301x",
          "[SEP]",
          "...",
          "東京",
          "\u200d",
          " \t ",
          "e\u0301",
          "J.",
          "##s",
        ),
      );
      const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
      fc.assert(
        fc.property(text, text, text, (mention, context, entity) => {
          const input = encoder.pair(encoder.context(mention, context), encoder.entity(entity));
          const [first, second] = [contextSentence(mention, context), entitySentence(entity)];
          expect([...input.ids]).toEqual(joined(tokenizer, first, second));
          expect(sideIds(input, "context")).toEqual(tokenizer.encode(first));
          expect(sideIds(input, "entity")).toEqual(tokenizer.encode(second));
        }),
        { numRuns: 400 },
      );
    });
  });

  it("encodes each side alone in segment 0", () => {
    const encoder = createPairEncoder(tiny, wide);
    const context = encoder.contextAlone(encoder.context("ann", "ann lee"));
    const entity = encoder.entityAlone(encoder.entity("sex: male."));
    const ids = (text: string): number[] => [2, ...tiny.encode(text), 3];
    expect([...context.ids]).toEqual(ids("Mention: ann. Context: ann lee."));
    expect([...entity.ids]).toEqual(ids("Entity: sex: male."));
    expect(sideIds(context, "context")).toEqual([...context.ids].slice(1, -1));
    expect(sideIds(entity, "entity")).toEqual([...entity.ids].slice(1, -1));
    expect([sideIds(context, "entity"), sideIds(entity, "context")]).toEqual([[], []]);
    expect([context.secondFrom, entity.secondFrom]).toEqual([context.ids.length, entity.ids.length]);
  });

  it("masks the tokens of each side and no special tokens", () => {
    const special = new Set([2, 3]);
    const words = fc
      .array(fc.constantFrom("ann", "bob", "rome", ".", "q7"), { maxLength: 80 })
      .map((w) => w.join(" "));
    fc.assert(
      fc.property(
        words,
        words,
        words,
        fc.integer({ min: 32, max: 90 }),
        (mention, context, entity, maxTokens) => {
          const encoder = createPairEncoder(tiny, { maxTokens, contextShare: 0.5 });
          const input = encoder.pair(encoder.context(mention, context), encoder.entity(entity));
          const sides = [...sideIds(input, "context"), ...sideIds(input, "entity")];
          expect(sides.every((id) => !special.has(id))).toBe(true);
          expect(sides.length + 3).toBe(input.ids.length);
          expect(input.ids.length).toBeLessThanOrEqual(maxTokens);
          expect(Math.min(sideIds(input, "context").length, sideIds(input, "entity").length)).toBeGreaterThan(
            0,
          );
        },
      ),
    );
  });
});

describe("truncation of pairs", () => {
  const words = (word: string, count: number): string => Array(count).fill(word).join(" ");
  const encoder = createPairEncoder(tiny, { maxTokens: 43, contextShare: 0.5 }); // 40 without the special tokens
  const lengths = (mention: string, context: string, entity: string): [number, number] => {
    const input = encoder.pair(encoder.context(mention, context), encoder.entity(entity));
    return [sideIds(input, "context").length, sideIds(input, "entity").length];
  };

  it("truncates the context to its share, then the entity, and gives unused room to the other side", () => {
    expect(lengths("ann", words("bob", 100), words("rome", 100))).toEqual([20, 20]);
    expect(lengths("ann", words("bob", 2), words("rome", 100))).toEqual([9, 31]);
    expect(lengths("ann", words("bob", 100), words("rome", 3))).toEqual([34, 6]);
    expect(lengths("ann", words("bob", 10), words("rome", 10))).toEqual([17, 13]);
  });

  it("keeps the mention whole if it fits its share, and always keeps the words of the template", () => {
    const long = words("lee", 13);
    const input = encoder.pair(encoder.context(long, words("bob", 100)), encoder.entity(words("rome", 100)));
    expect(sideIds(input, "context")).toEqual(tiny.encode(`Mention: ${long}. Context: bob.`));
    const longer = encoder.pair(encoder.context(words("lee", 99), "bob"), encoder.entity(words("rome", 100)));
    expect(sideIds(longer, "context")).toEqual(tiny.encode(`Mention: ${words("lee", 14)}. Context:.`));
  });

  it("keeps the text around the mention of a long context", () => {
    const before = words("rome", 60);
    const text = `${before} ann ${before}`;
    const span = { start: before.length + 1, end: before.length + 4 };
    const input = encoder.pair(encoder.context("ann", text, span), encoder.entity(words("actor", 100)));
    const kept = sideIds(input, "context").slice(6, -1);
    expect(kept).toHaveLength(13);
    expect(kept.indexOf(tiny.encode("ann")[0]!)).toBe(6);
    const unplaced = encoder.pair(encoder.context("ann", text), encoder.entity(words("actor", 100)));
    expect(sideIds(unplaced, "context").slice(6, -1)).toEqual(tiny.encode(words("rome", 13)));
  });

  it("tokenises no more of a text of 100,000 characters than of a short one", () => {
    let characters = 0;
    const counting: TextTokenizer = {
      ...tiny,
      encode: (text) => {
        characters += text.length;
        return tiny.encode(text);
      },
    };
    const counted = createPairEncoder(counting, { maxTokens: 64, contextShare: 0.5 });
    for (const text of ["x".repeat(100_000), "a ".repeat(50_000), " ".repeat(100_000), "😀".repeat(50_000)]) {
      characters = 0;
      const context = counted.context(text, text, { start: 99_000, end: 99_004 });
      const input = counted.pair(context, counted.entity(text));
      expect(input.ids.length).toBeLessThanOrEqual(64);
      expect(characters).toBeLessThan(5_000);
    }
  });

  it("never splits a surrogate pair", () => {
    const pieces: string[] = [];
    const spying: TextTokenizer = {
      ...tiny,
      encode: (text) => {
        pieces.push(text);
        return tiny.encode(text);
      },
    };
    const spied = createPairEncoder(spying, { maxTokens: 64, contextShare: 0.5 });
    for (const shift of ["", "x"])
      spied.context("ann", `${shift}${"😀".repeat(5000)}`, { start: 5001, end: 5003 });
    expect(pieces.join("")).toMatch(/😀/u);
    expect(pieces.join("")).not.toMatch(/\p{Surrogate}/u);
  });

  it("rejects options without room for the template", () => {
    expect(() => createPairEncoder(tiny, { maxTokens: 31, contextShare: 0.5 })).toThrow(/maxTokens is 31/);
    expect(() => createPairEncoder(tiny, { maxTokens: 64, contextShare: 0.9 })).toThrow(/0.9/);
  });
});

describe("the cache of entity texts", () => {
  it("tokenises a text once, and evicts the least recently used one", () => {
    let calls = 0;
    const counting: TextTokenizer = {
      ...tiny,
      encode: (text) => {
        calls++;
        return [text.length];
      },
    };
    const encoder = createPairEncoder(counting, wide);
    const fixed = calls;
    for (let round = 0; round < 2; round++) for (let n = 0; n < 20_000; n++) encoder.entity(`entity ${n}`);
    expect(calls - fixed).toBe(20_000);
    encoder.entity("one more");
    encoder.entity("entity 1");
    expect(calls - fixed).toBe(20_001);
    encoder.entity("entity 0");
    expect(calls - fixed).toBe(20_002);
  });
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InputTokens } from "../../src/encoders/index.js";
import { createPairEncoder, createTokenizer, type TextTokenizer } from "../../src/encoders/index.js";
import { MINILM, TINY } from "./model-folders.js";
import { contextSentence, entitySentence } from "./template.js";

const read = (folder: string): TextTokenizer =>
  createTokenizer(JSON.parse(readFileSync(join(folder, "tokenizer.json"), "utf8")), 30522, folder);
const tiny = read(TINY);
const expected = JSON.parse(readFileSync(join(TINY, "expected.json"), "utf8"));
const wide = { maxTokens: 4096, contextShare: 0.5 };

/** The ids that the tokenizer gives for the two whole texts. */
function joined({ encode, pair }: TextTokenizer, first: string, second: string): number[] {
  return [...pair.before, ...encode(first), ...pair.between, ...encode(second), ...pair.after];
}

const at = (input: InputTokens, side: "context" | "entity"): number[] =>
  [...input.ids].slice(input[side].start, input[side].end);

describe("the pair template", () => {
  test("gives the ids and segments that transformers gives", () => {
    const encoder = createPairEncoder(tiny, { maxTokens: 64, contextShare: 0.5 });
    expected.pairs.forEach(([mention, text, entity]: [string, string, string], row: number) => {
      const input = encoder.pair(encoder.context(mention, text), encoder.entity(entity));
      expect([...input.ids]).toEqual(expected.ids[row]);
      expect(input.secondFrom).toBe(expected.segments[row].indexOf(1));
    });
  });

  const tokenizers = { "tiny tokenizer": TINY, "all-MiniLM-L6-v2": MINILM };
  describe.each(Object.entries(tokenizers))("%s", (name, folder) => {
    test.skipIf(!existsSync(folder))(`parts tokenised apart equal the joined text [needs ${name}]`, () => {
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
          expect(at(input, "context")).toEqual(tokenizer.encode(first));
          expect(at(input, "entity")).toEqual(tokenizer.encode(second));
        }),
        { numRuns: 400 },
      );
    });
  });

  test("each side alone is framed alone, in segment 0", () => {
    const encoder = createPairEncoder(tiny, wide);
    const context = encoder.contextAlone(encoder.context("ann", "ann lee"));
    const entity = encoder.entityAlone(encoder.entity("sex: male."));
    const ids = (text: string): number[] => [2, ...tiny.encode(text), 3];
    expect([...context.ids]).toEqual(ids("Mention: ann. Context: ann lee."));
    expect([...entity.ids]).toEqual(ids("Entity: sex: male."));
    expect(at(context, "context")).toEqual([...context.ids].slice(1, -1));
    expect(at(entity, "entity")).toEqual([...entity.ids].slice(1, -1));
    expect([at(context, "entity"), at(entity, "context")]).toEqual([[], []]);
    expect([context.secondFrom, entity.secondFrom]).toEqual([context.ids.length, entity.ids.length]);
  });

  test("masks hold each side's tokens and nothing else", () => {
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
          const sides = [...at(input, "context"), ...at(input, "entity")];
          expect(sides.every((id) => !special.has(id))).toBe(true);
          expect(sides.length + 3).toBe(input.ids.length);
          expect(input.ids.length).toBeLessThanOrEqual(maxTokens);
          expect(Math.min(at(input, "context").length, at(input, "entity").length)).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe("truncation", () => {
  const words = (word: string, count: number): string => Array(count).fill(word).join(" ");
  const encoder = createPairEncoder(tiny, { maxTokens: 43, contextShare: 0.5 }); // 40 beside the special tokens
  const lengths = (mention: string, context: string, entity: string): [number, number] => {
    const input = encoder.pair(encoder.context(mention, context), encoder.entity(entity));
    return [at(input, "context").length, at(input, "entity").length];
  };

  test("the context goes down to its share first, then the entity; what one side leaves the other uses", () => {
    expect(lengths("ann", words("bob", 100), words("rome", 100))).toEqual([20, 20]);
    expect(lengths("ann", words("bob", 2), words("rome", 100))).toEqual([9, 31]);
    expect(lengths("ann", words("bob", 100), words("rome", 3))).toEqual([34, 6]);
    expect(lengths("ann", words("bob", 10), words("rome", 10))).toEqual([17, 13]);
  });

  test("the mention stays whole while it fits its share, and the template's words always stay", () => {
    const long = words("lee", 13);
    const input = encoder.pair(encoder.context(long, words("bob", 100)), encoder.entity(words("rome", 100)));
    expect(at(input, "context")).toEqual(tiny.encode(`Mention: ${long}. Context: bob.`));
    const longer = encoder.pair(encoder.context(words("lee", 99), "bob"), encoder.entity(words("rome", 100)));
    expect(at(longer, "context")).toEqual(tiny.encode(`Mention: ${words("lee", 14)}. Context:.`));
  });

  test("a long context keeps what stands around the mention", () => {
    const before = words("rome", 60);
    const text = `${before} ann ${before}`;
    const span = { start: before.length + 1, end: before.length + 4 };
    const input = encoder.pair(encoder.context("ann", text, span), encoder.entity(words("actor", 100)));
    const kept = at(input, "context").slice(6, -1);
    expect(kept).toHaveLength(13);
    expect(kept.indexOf(tiny.encode("ann")[0]!)).toBe(6);
    const unplaced = encoder.pair(encoder.context("ann", text), encoder.entity(words("actor", 100)));
    expect(at(unplaced, "context").slice(6, -1)).toEqual(tiny.encode(words("rome", 13)));
  });

  test("texts of 100,000 characters cost no more than short ones", () => {
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

  test("a cut never leaves half a character", () => {
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

  test("no room for the template is a wrong configuration", () => {
    expect(() => createPairEncoder(tiny, { maxTokens: 31, contextShare: 0.5 })).toThrow(/maxTokens is 31/);
    expect(() => createPairEncoder(tiny, { maxTokens: 64, contextShare: 0.9 })).toThrow(/0.9/);
  });
});

describe("the cache of entities", () => {
  test("a text is tokenised once, and the oldest of very many is forgotten", () => {
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

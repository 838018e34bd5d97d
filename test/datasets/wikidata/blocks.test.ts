import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BEGINNING, type Block, blocksOf, type Position } from "../../../src/datasets/wikidata/blocks.js";
import { linesOf } from "../../../src/formats/lines.js";

const LIMIT = 40;

async function* chunked(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let index = 0;
  for (let turn = 0; index < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(index, index + size);
    index += size;
  }
}

async function all(values: AsyncIterable<Block>): Promise<Block[]> {
  const blocks: Block[] = [];
  for await (const block of values) blocks.push(block);
  return blocks;
}

const blocks = (text: string, sizes: readonly number[], from: Position = BEGINNING) =>
  all(blocksOf(chunked(Buffer.from(text), sizes), from, LIMIT));

/** The lines of blocks as pairs of number and text, or number and size for long lines. */
function linesIn(found: readonly Block[]): [number, string | number][] {
  return found.flatMap((block): [number, string | number][] => {
    if (block.kind === "long") return [[block.line, block.size]];
    const lines = Buffer.from(block.bytes).toString().split("\n");
    if (block.whole) lines.pop();
    return lines.map((line, index) => [block.line + index, line]);
  });
}

/** Short lines, and lines that exceed the limit for any chunk sizes. */
const texts = fc
  .array(
    fc.oneof(
      fc.string({ maxLength: 9 }).map((text) => text.replaceAll("\n", " ")),
      fc.integer({ min: 200, max: 300 }).map((length) => "x".repeat(length)),
    ),
    { maxLength: 30 },
  )
  .map((lines) => lines.join("\n"));
const sizes = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 });

describe("blocksOf", () => {
  it("yields the same lines for any chunk sizes", async () => {
    await fc.assert(
      fc.asyncProperty(texts, sizes, async (text, chunks) => {
        const expected: [number, string | number][] = [];
        for await (const line of linesOf(chunked(Buffer.from(text), [7]), 1 << 20, "x"))
          if (line.kind === "line") expected.push([line.line, line.text]);
        const found = linesIn(await blocks(text, chunks));
        expect(found.map(([line]) => line)).toEqual(expected.map(([line]) => line));
        for (const [index, [, content]] of found.entries()) {
          const line = expected[index]![1] as string;
          if (typeof content === "string") expect(content).toBe(line);
          else expect([line.length, line.length + 1]).toContain(content);
        }
      }),
    );
  });

  it("continues at the end of any block", async () => {
    await fc.assert(
      fc.asyncProperty(texts, sizes, sizes, async (text, before, later) => {
        const whole = linesIn(await blocks(text, [50]));
        for (const { end } of await blocks(text, before))
          expect(linesIn(await blocks(text, later, end)).map(([line]) => line)).toEqual(
            whole.map(([line]) => line).filter((line) => line > end.lines),
          );
      }),
      { numRuns: 30 },
    );
  });

  it("rejects continuing in a different or shorter file", async () => {
    const end = { bytes: 4, lines: 2, crc: 0x12345678 };
    await expect(blocks("a\nb\nc\n", [3], end)).rejects.toMatchObject({ code: "RESUME" });
    await expect(blocks("a\n", [3], end)).rejects.toMatchObject({ code: "RESUME" });
  });

  it("yields the complete lines before it throws an error of the input", async () => {
    async function* failing() {
      yield Buffer.from("a\nb\nc");
      throw new Error("broken off");
    }
    const found: Block[] = [];
    const reading = (async () => {
      for await (const block of blocksOf(failing(), BEGINNING, LIMIT)) found.push(block);
    })();
    await expect(reading).rejects.toThrow("broken off");
    expect(linesIn(found)).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
  });
});

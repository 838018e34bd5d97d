import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Caption } from "../../src/core/index.js";
import { inChunks, readChunk } from "../../src/jobs/submit/chunks.js";
import { captionArbitrary } from "../formats/arbitraries.js";

async function chunksOf(captions: readonly Caption[], size: number) {
  const placed = captions.map((caption, index) => ({ line: 2 * index + 1, caption }));
  const chunks = [];
  async function* source() {
    yield* placed;
  }
  for await (const chunk of inChunks(source(), size)) chunks.push(chunk);
  return { placed, chunks };
}

describe("inChunks", () => {
  it("keeps every caption with its line and place, readable from any index", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(captionArbitrary, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(4),
        async (captions, size, skip) => {
          const { placed, chunks } = await chunksOf(captions, size);
          expect(chunks.flatMap((chunk) => readChunk(chunk.text, 0, size))).toEqual(placed);
          for (const { first, captions: inside, text } of chunks) {
            const from = Math.min(skip, inside.length - 1);
            expect(readChunk(text, from, 2)).toEqual(
              placed.slice(first + from, first + Math.min(from + 2, inside.length)),
            );
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("closes a chunk early if its captions are long", async () => {
    const long = Array.from({ length: 10 }, (_, at) => ({
      id: String(at),
      text: "x".repeat(1 << 20),
      mentions: [],
    }));
    const { chunks } = await chunksOf(long, 1000);
    expect(chunks.map(({ first, captions }) => [first, captions.length])).toEqual([
      [0, 3],
      [3, 3],
      [6, 3],
      [9, 1],
    ]);
  });
});

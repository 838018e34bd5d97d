import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BLOCK, createBlockSums, differingBlocks, placeOfBlock } from "../../src/core/blocks.js";

function sumsOf(...pieces: Uint8Array[]): string {
  const sums = createBlockSums();
  for (const piece of pieces) sums.add(piece);
  return sums.finish();
}

describe("the checksums of blocks", () => {
  const bytes = Buffer.alloc(2 * BLOCK + 5, "a text that repeats ");

  it("are a CRC-32 per block, for pieces of any size", () => {
    const expected = [0, 1, 2]
      .map((block) => crc32(bytes.subarray(block * BLOCK, (block + 1) * BLOCK)))
      .map((sum) => sum.toString(16).padStart(8, "0"))
      .join("");
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 4 }), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
        expect(sumsOf(...pieces)).toBe(expected);
      }),
      { numRuns: 20 },
    );
    expect(sumsOf()).toBe("");
    expect(sumsOf(bytes.subarray(0, BLOCK))).toHaveLength(8);
  });

  it("name the blocks that differ, are missing or are too many", () => {
    const sums = sumsOf(bytes);
    const altered = Buffer.from(bytes);
    altered[BLOCK]! ^= 1;
    expect(differingBlocks(sums, sums)).toEqual([]);
    expect(differingBlocks(sumsOf(altered), sums)).toEqual([1]);
    expect(differingBlocks(sumsOf(bytes.subarray(0, BLOCK)), sums)).toEqual([1, 2]);
    expect(differingBlocks(sums, sumsOf(bytes.subarray(0, BLOCK)))).toEqual([1, 2]);
    expect(placeOfBlock("a.bin", 1, 8)).toBe("a.bin, block 1 (bytes 1048584 to 2097159)");
  });
});

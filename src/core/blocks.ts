import { crc32 } from "node:zlib";

/** Number of bytes in a block. Every block of a file has its own checksum, so that damage is found with its place. */
export const BLOCK = 1 << 20;

/** Number of hexadecimal digits in the checksum of a block. */
const DIGITS = 8;

/** Computes the checksums of the blocks of a file from its bytes, which may arrive in pieces of any size. */
export interface BlockSums {
  add(piece: Uint8Array): void;
  /** Returns the CRC-32 of each block in order, as 8 hexadecimal digits each, without a separator. */
  finish(): string;
}

/** Creates a `BlockSums`. A CRC-32 finds accidental changes, not forgeries. It takes a quarter of the time of SHA-256. */
export function createBlockSums(): BlockSums {
  let sums = "";
  let sum = 0;
  let filled = 0;
  const close = (): void => {
    sums += sum.toString(16).padStart(DIGITS, "0");
    [sum, filled] = [0, 0];
  };
  return {
    add(piece) {
      for (let start = 0; start < piece.length; ) {
        const part = piece.subarray(start, start + BLOCK - filled);
        sum = crc32(part, sum);
        filled += part.length;
        start += part.length;
        if (filled === BLOCK) close();
      }
    },
    finish() {
      if (filled > 0) close();
      return sums;
    },
  };
}

/**
 * Compares the checksums of a file's blocks, as `BlockSums.finish` returns them. Returns the numbers of the blocks that
 * differ, counted from 0. A block that only one of the two lists contains differs.
 */
export function differingBlocks(found: string, expected: string): number[] {
  const blocks = Math.ceil(Math.max(found.length, expected.length) / DIGITS);
  const sumAt = (sums: string, block: number): string => sums.slice(block * DIGITS, (block + 1) * DIGITS);
  return Array.from({ length: blocks }, (_, block) => block).filter(
    (block) => sumAt(found, block) !== sumAt(expected, block),
  );
}

/** Describes the place of a block for error messages. `start` is the offset of block 0 in the file. */
export function placeOfBlock(file: string, block: number, start = 0): string {
  const first = start + block * BLOCK;
  return `${file}, block ${block} (bytes ${first} to ${first + BLOCK - 1})`;
}

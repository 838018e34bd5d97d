import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { BLOCK } from "../../core/blocks.js";
import { throwIfAborted } from "../../core/index.js";
import { damagedPack } from "./format.js";

/*
 * The seal is an empty gzip member at the end of a packed file. Its comment is the SHA-256 of all bytes before it. Programs
 * that decompress the file do not notice it. Without it, damage in the header and in unused bits of the compressed data
 * would not be found.
 */

const LABEL = "mmel sha256 ";
/** Header of a gzip member: deflate, with a comment, no time, unknown system. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0x10, 0, 0, 0, 0, 0, 0xff]);
/** The end of the comment, an empty block, and a CRC-32 and a length of 0. */
const EMPTY = Buffer.from([0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const DIGEST_START = HEADER.length + LABEL.length;
const LENGTH = DIGEST_START + 64 + EMPTY.length;

const sealOf = (digest: string): Buffer =>
  Buffer.concat([HEADER, Buffer.from(LABEL + digest, "latin1"), EMPTY]);

/** Yields the bytes of a packed file, and then its seal. */
export async function* sealed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  yield sealOf(hash.digest("hex"));
}

/**
 * Compares a packed file with its seal. Accepts a file without a seal: an older version of mmel or another program wrote it.
 * Throws `KB_DAMAGED` if the file or its seal has changed, and the errors of the file system.
 */
export async function assertSeal(path: string, name: string, signal?: AbortSignal): Promise<void> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size < LENGTH) return;
  const found = Buffer.alloc(LENGTH);
  await file.read(found, 0, LENGTH, size - LENGTH);
  if (!resemblesSeal(found)) return;
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(BLOCK);
  for (let at = 0; at < size - LENGTH; ) {
    throwIfAborted(signal);
    const { bytesRead } = await file.read(buffer, 0, Math.min(BLOCK, size - LENGTH - at), at);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  if (!found.equals(sealOf(hash.digest("hex")))) throw damagedPack("its bytes do not match its seal", name);
}

/** Returns whether most of the fixed bytes are those of a seal, so that a damaged seal is recognised, too. */
function resemblesSeal(found: Buffer): boolean {
  const expected = sealOf("0".repeat(64));
  let same = 0;
  for (let at = 0; at < DIGEST_START; at++) if (found[at] === expected[at]) same++;
  return same > DIGEST_START / 2;
}

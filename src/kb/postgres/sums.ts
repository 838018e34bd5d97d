import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { MmelError } from "../../core/index.js";

/** Returns the CRC-32 of a text or bytes as a signed integer, because PostgreSQL has no unsigned integers. */
export const sumOf = (content: string | Uint8Array): number => crc32(content) | 0;

/** Returns the sum that the server computed for the entries of a posting; see `fillPostings`. */
export const sumOfEntries = (entries: Uint8Array): number =>
  createHash("md5").update(entries).digest().readInt32BE(0);

/** Returns the error for damaged data on the server. */
export function damagedOnServer(what: string, where: string): MmelError {
  return new MmelError("KB_DAMAGED", {
    what: `the knowledge base is damaged: ${what}`,
    where,
    expected: "the data that `mmel kb import` wrote",
    hint: "Import the knowledge base again, and check the disks of the server.",
  });
}

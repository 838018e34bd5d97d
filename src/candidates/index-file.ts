import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { MmelError } from "../core/index.js";
import type { CandidateTables } from "./tables.js";

/**
 * Layout, little-endian: 8 bytes magic, 32 bytes SHA-256 of all that follows, uint32 format version, uint32 length of the
 * header, the header as JSON, the sections in order; header and sections padded to 8 bytes.
 */
const MAGIC = "MMELCAND";
const FORMAT = 2;
const HASHED = 40;
const FIXED = 48;

const SECTIONS = {
  idBytes: Uint8Array,
  idStart: Uint32Array,
  rowEntity: Uint32Array,
  rowName: Uint16Array,
  rowKind: Uint8Array,
  rowLength: Uint16Array,
  rowStart: Uint32Array,
  rowToken: Uint32Array,
  rowRole: Uint8Array,
  tokenStart: Uint32Array,
  tokenUnit: Uint16Array,
  postStart: Uint32Array,
  postRow: Uint32Array,
  plain: Uint32Array,
} as const satisfies Record<keyof CandidateTables, unknown>;

const NAMES = Object.keys(SECTIONS) as (keyof CandidateTables)[];

interface Header {
  /** Version of the knowledge base. */
  readonly version: string;
  /** Elements of each section. */
  readonly lengths: Readonly<Record<keyof CandidateTables, number>>;
}

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** The bytes of the file that holds the tables, in pieces. */
export function encodeTables(tables: CandidateTables, version: string): readonly Buffer[] {
  const lengths = Object.fromEntries(NAMES.map((name) => [name, tables[name].length]));
  const header = pad(Buffer.from(JSON.stringify({ version, lengths }), "utf8"), 0x20);
  const parts = [header, ...NAMES.map((name) => pad(bytesOf(tables[name]), 0))];
  const fixed = Buffer.alloc(FIXED);
  fixed.write(MAGIC, 0, "latin1");
  fixed.writeUInt32LE(FORMAT, HASHED);
  fixed.writeUInt32LE(header.length, HASHED + 4);
  const hash = createHash("sha256").update(fixed.subarray(HASHED));
  for (const part of parts) hash.update(part);
  hash.digest().copy(fixed, MAGIC.length);
  return [fixed, ...parts];
}

/** Writes a file beside its place and moves it there when complete. `FILE_UNWRITABLE`. */
export async function writePieces(path: string, pieces: readonly Buffer[]): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await using file = await open(partial, "w");
    for (const piece of pieces) await file.writeFile(piece);
    await file.sync();
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new MmelError("FILE_UNWRITABLE", {
      what: "the candidate index cannot be written",
      where: path,
      cause,
    });
  }
}

/** An index file: where it lies, or its bytes with where they came from. */
export type IndexFile = string | { readonly bytes: ArrayBuffer; readonly where: string };

/** Reads tables back. `KB_NOT_FOUND`, `KB_DAMAGED`, `KB_TOO_NEW`. */
export async function readTables(file: IndexFile): Promise<{ tables: CandidateTables; version: string }> {
  return typeof file === "string"
    ? decodeTables(await readAll(file), file)
    : decodeTables(Buffer.from(file.bytes), file.where);
}

/** The tables as views of the bytes, which begin their memory. */
function decodeTables(bytes: Buffer, where: string): { tables: CandidateTables; version: string } {
  const damaged = (what: string): never => {
    throw new MmelError("KB_DAMAGED", { what, where, hint: "importing the knowledge base again" });
  };
  if (bytes.length < FIXED || bytes.toString("latin1", 0, 8) !== MAGIC) damaged("this is no candidate index");
  const format = bytes.readUInt32LE(HASHED);
  if (format !== FORMAT) {
    throw new MmelError(format > FORMAT ? "KB_TOO_NEW" : "KB_DAMAGED", {
      what: `the candidate index has format ${format}, of ${format > FORMAT ? "a newer" : "an older"} mmel`,
      where,
      expected: `format ${FORMAT}`,
      hint: "importing the knowledge base again",
    });
  }
  const hash = createHash("sha256").update(bytes.subarray(HASHED)).digest();
  if (!hash.equals(bytes.subarray(MAGIC.length, HASHED))) {
    damaged("the candidate index was cut short or altered");
  }
  const start = FIXED + bytes.readUInt32LE(HASHED + 4);
  const header = JSON.parse(bytes.toString("utf8", FIXED, start)) as Header;
  return { tables: viewSections(bytes, start, header), version: header.version };
}

function viewSections(bytes: Buffer, start: number, { lengths }: Header): CandidateTables {
  let at = bytes.byteOffset + start;
  const sections = NAMES.map((name) => {
    const view = new SECTIONS[name](bytes.buffer as ArrayBuffer, at, lengths[name]);
    at += padded(view.byteLength);
    return [name, view];
  });
  return Object.fromEntries(sections) as CandidateTables;
}

/** The whole file in memory aligned for every section. */
async function readAll(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    const bytes = Buffer.from(new ArrayBuffer(size));
    let at = 0;
    while (at < size) {
      const { bytesRead } = await file.read(bytes, at, Math.min(size - at, 1 << 30), at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes;
  } catch (cause) {
    throw new MmelError("KB_NOT_FOUND", {
      what: "the candidate index cannot be read",
      where: path,
      hint: "importing the knowledge base again",
      cause,
    });
  }
}

function bytesOf(view: Uint8Array | Uint16Array | Uint32Array): Buffer {
  return Buffer.from(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
}

function pad(bytes: Buffer, fill: number): Buffer {
  return bytes.length % 8 === 0
    ? bytes
    : Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length, fill)]);
}

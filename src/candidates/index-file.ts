import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { type Entity, MmelError, throwIfAborted } from "../core/index.js";
import { type CandidateTables, createTablesBuilder } from "./tables.js";

/**
 * Layout, little-endian: 8 bytes of magic, the SHA-256 of everything after it (32 bytes), the format version (uint32), the
 * length of the header (uint32), the header as JSON, then the sections in order. The header and each section are padded to a
 * multiple of 8 bytes.
 */
const MAGIC = "MMELCAND";
const FORMAT = 3;
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
  /** Number of elements of each section. */
  readonly lengths: Readonly<Record<keyof CandidateTables, number>>;
}

const REIMPORT = "Import the knowledge base again.";

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

export interface BuildOptions {
  /** Version of the knowledge base. `openCandidateIndex` compares it with the version of the entity store. */
  readonly version: string;
  readonly signal?: AbortSignal;
}

/**
 * Builds the candidate index of entities, whose ids must be distinct, and writes it atomically to `path`. Keeps only the
 * tables in memory (about 200 bytes per name), not the entities. Throws `ABORTED` if the signal fires, and `FILE_UNWRITABLE`
 * if the file cannot be written.
 */
export async function buildCandidateIndex(
  entities: AsyncIterable<Entity> | Iterable<Entity>,
  path: string,
  options: BuildOptions,
): Promise<void> {
  await writePieces(path, await candidateIndexOf(entities, options));
}

/**
 * Builds the candidate index of entities in memory. Returns the bytes of its index file, in pieces. Throws `ABORTED` if the
 * signal fires.
 */
export async function candidateIndexOf(
  entities: AsyncIterable<Entity> | Iterable<Entity>,
  { version, signal }: BuildOptions,
): Promise<readonly Buffer[]> {
  const builder = createTablesBuilder();
  for await (const entity of entities) {
    throwIfAborted(signal);
    builder.add(entity);
  }
  return encodeTables(builder.finish(), version);
}

/** Encodes tables as an index file. Returns the bytes of the file in pieces. */
function encodeTables(tables: CandidateTables, version: string): readonly Buffer[] {
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

/** Writes a temporary file, and renames it to `path` once it is complete. Throws `FILE_UNWRITABLE` if either step fails. */
async function writePieces(path: string, pieces: readonly Buffer[]): Promise<void> {
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

/** An index file: its path, or its bytes and a description of their origin for error messages. */
export type IndexFile = string | { readonly bytes: ArrayBuffer; readonly where: string };

/**
 * Reads an index file. Returns its tables and the version of the knowledge base that the index was built from. Throws
 * `KB_NOT_FOUND` if the file cannot be read, `KB_DAMAGED` if its content is damaged or in an older format, and `KB_TOO_NEW`
 * if it is in a newer format.
 */
export async function readTables(file: IndexFile): Promise<{ tables: CandidateTables; version: string }> {
  return typeof file === "string"
    ? decodeTables(await readAll(file), file)
    : decodeTables(Buffer.from(file.bytes), file.where);
}

/** Returns the tables as views of `bytes`, which must start at the beginning of its buffer so that the views are aligned. */
function decodeTables(bytes: Buffer, where: string): { tables: CandidateTables; version: string } {
  const damaged = (what: string): never => {
    throw new MmelError("KB_DAMAGED", { what, where, hint: REIMPORT });
  };
  if (bytes.length < FIXED || bytes.toString("latin1", 0, 8) !== MAGIC)
    damaged("the file is not a candidate index");
  const format = bytes.readUInt32LE(HASHED);
  if (format !== FORMAT) {
    throw new MmelError(format > FORMAT ? "KB_TOO_NEW" : "KB_DAMAGED", {
      what: `the candidate index was created by ${format > FORMAT ? "a newer" : "an older"} version of mmel (format ${format})`,
      where,
      expected: `format ${FORMAT}`,
      hint: REIMPORT,
    });
  }
  const hash = createHash("sha256").update(bytes.subarray(HASHED)).digest();
  if (!hash.equals(bytes.subarray(MAGIC.length, HASHED))) {
    damaged("the candidate index is truncated or has been altered");
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

/** Reads the complete file into a new buffer, in which every section is aligned. */
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
      hint: REIMPORT,
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

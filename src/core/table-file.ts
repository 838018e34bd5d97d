import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { createBlockSums, differingBlocks, placeOfBlock } from "./blocks.js";
import type { Entity } from "./entity.js";
import { MmelError, throwIfAborted } from "./errors.js";
import { writeProblem } from "./write-problem.js";

type Section = Uint8Array | Uint16Array | Uint32Array;
type SectionType = typeof Uint8Array | typeof Uint16Array | typeof Uint32Array;

/**
 * A file format for tables of a knowledge base. Layout, little-endian: 8 bytes of magic, the SHA-256 hash (32 bytes) of
 * everything between it and the sections, the format number (uint32), the header length (uint32), the header as JSON, then the
 * sections in order. The header contains the checksums of the blocks of the sections. The header and each section are
 * padded to a multiple of 8 bytes.
 */
export interface TableFormat<Tables> {
  /** Name of the file in error messages: "candidate index". */
  readonly title: string;
  /** 8 ASCII characters. */
  readonly magic: string;
  /** Increases when the sections or their meaning change. */
  readonly format: number;
  /** The type of each section, in the order in which they are written. */
  readonly sections: Readonly<Record<keyof Tables, SectionType>>;
}

/** Receives entities one by one and builds tables from them. */
export interface TablesBuilder<Tables> {
  add(entity: Entity): void;
  finish(): Tables;
}

export interface BuildOptions {
  /** Version of the knowledge base. It is compared with the version of the entity store when the file is opened. */
  readonly version: string;
  readonly signal?: AbortSignal;
}

/** A file with tables: its path, or its bytes and a description of their origin for error messages. */
export type TableFile = string | { readonly bytes: ArrayBuffer; readonly where: string };

const HASHED = 40;
const FIXED = 48;

interface Header {
  /** Version of the knowledge base. */
  readonly version: string;
  /** Number of elements in each section. */
  readonly lengths: Readonly<Record<string, number>>;
  /** Checksums of the blocks of the sections, see `BlockSums`. Block 0 starts after the header. */
  readonly blocks: string;
}

const REIMPORT = "Import the knowledge base again.";
const UPGRADE =
  "Import the knowledge base again, or rebuild it from its entities: `mmel kb pack --kb … --output FILE`, then `mmel kb unpack FILE --kb …`.";

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

const namesOf = <Tables>({ sections }: TableFormat<Tables>) =>
  Object.keys(sections) as (keyof Tables & string)[];

/**
 * Builds tables from entities. Returns the bytes of the file to write, in pieces. Throws `ABORTED` if the signal fires.
 */
export async function buildTableFile<Tables extends { readonly [name in keyof Tables]: Section }>(
  format: TableFormat<Tables>,
  builder: TablesBuilder<Tables>,
  entities: AsyncIterable<Entity> | Iterable<Entity>,
  { version, signal }: BuildOptions,
): Promise<readonly Buffer[]> {
  for await (const entity of entities) {
    throwIfAborted(signal);
    builder.add(entity);
  }
  return encodeTables(format, builder.finish(), version);
}

/** Encodes tables as a file. Returns the bytes of the file in pieces. */
function encodeTables<Tables extends { readonly [name in keyof Tables]: Section }>(
  format: TableFormat<Tables>,
  tables: Tables,
  version: string,
): readonly Buffer[] {
  const names = namesOf(format);
  const lengths = Object.fromEntries(names.map((name) => [name, tables[name].length]));
  const sections = names.map((name) => pad(bytesOf(tables[name]), 0));
  const sums = createBlockSums();
  for (const section of sections) sums.add(section);
  const content: Header = { version, lengths, blocks: sums.finish() };
  const header = pad(Buffer.from(JSON.stringify(content), "utf8"), 0x20);
  const fixed = Buffer.alloc(FIXED);
  fixed.write(format.magic, 0, "latin1");
  fixed.writeUInt32LE(format.format, HASHED);
  fixed.writeUInt32LE(header.length, HASHED + 4);
  hashOf(fixed, header).copy(fixed, format.magic.length);
  return [fixed, header, ...sections];
}

/** Computes the hash of everything between the hash itself and the sections. */
function hashOf(fixed: Buffer, header: Buffer): Buffer {
  return createHash("sha256").update(fixed.subarray(HASHED, FIXED)).update(header).digest();
}

/** Writes a temporary file, and renames it to `path` once it is complete. Throws `FILE_UNWRITABLE` if either step fails. */
export async function writeTableFile(
  { title }: Pick<TableFormat<unknown>, "title">,
  path: string,
  pieces: readonly Buffer[],
): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await using file = await open(partial, "w");
    for (const piece of pieces) await file.writeFile(piece);
    await file.sync();
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new MmelError("FILE_UNWRITABLE", {
      what: `the ${title} cannot be written: ${writeProblem(cause)}`,
      where: path,
      hint: "Free disk space, or choose another folder.",
      cause,
    });
  }
}

/**
 * Reads a file. Returns its tables and the version of the knowledge base that they were built from. Throws `KB_NOT_FOUND`
 * if the file cannot be read, `KB_DAMAGED` if its content is damaged or in an older format, and `KB_TOO_NEW` if it is in a
 * newer format.
 */
export async function readTableFile<Tables>(
  format: TableFormat<Tables>,
  file: TableFile,
): Promise<{ tables: Tables; version: string }> {
  return typeof file === "string"
    ? decodeTables(format, await readAll(format, file), file)
    : decodeTables(format, Buffer.from(file.bytes), file.where);
}

/** Throws `KB_DAMAGED` if a file was built for another version of the knowledge base. */
export function assertVersion(
  { title }: Pick<TableFormat<unknown>, "title">,
  file: TableFile,
  version: string,
  expected: string,
): void {
  if (version === expected) return;
  throw new MmelError("KB_DAMAGED", {
    what: `the ${title} belongs to version ${version} of the knowledge base`,
    where: typeof file === "string" ? file : file.where,
    expected: `version ${expected}`,
    hint: REIMPORT,
  });
}

/** Returns the tables as views of `bytes`, which must start at the beginning of its buffer so that the views are aligned. */
function decodeTables<Tables>(
  description: TableFormat<Tables>,
  bytes: Buffer,
  where: string,
): { tables: Tables; version: string } {
  const { title, magic, format: current } = description;
  const damaged = (what: string, place = where): never => {
    throw new MmelError("KB_DAMAGED", { what, where: place, hint: REIMPORT });
  };
  if (bytes.length < FIXED || bytes.toString("latin1", 0, magic.length) !== magic)
    damaged(`the file is not a ${title}`);
  const format = bytes.readUInt32LE(HASHED);
  if (format < current) throw otherFormat("KB_DAMAGED", description, format, where);
  const start = FIXED + bytes.readUInt32LE(HASHED + 4);
  const text = bytes.subarray(FIXED, start);
  if (!hashOf(bytes, text).equals(bytes.subarray(magic.length, HASHED)))
    damaged(`the header of the ${title} is truncated or has been altered`);
  if (format > current) throw otherFormat("KB_TOO_NEW", description, format, where);
  const header = JSON.parse(text.toString("utf8")) as Header;
  const sums = createBlockSums();
  sums.add(bytes.subarray(start));
  const [block] = differingBlocks(sums.finish(), header.blocks);
  if (block !== undefined)
    damaged(`the ${title} is truncated or has been altered`, placeOfBlock(where, block, start));
  return { tables: viewSections(description, bytes, start, header), version: header.version };
}

function otherFormat<Tables>(
  code: "KB_DAMAGED" | "KB_TOO_NEW",
  { title, format: current }: TableFormat<Tables>,
  format: number,
  where: string,
): MmelError {
  const newer = code === "KB_TOO_NEW";
  return new MmelError(code, {
    what: `the ${title} was created by ${newer ? "a newer" : "an older"} version of mmel (format ${format})`,
    where,
    expected: `format ${current}`,
    hint: newer ? "Run `npm install mmel@latest`, or import the knowledge base again." : UPGRADE,
  });
}

function viewSections<Tables>(
  format: TableFormat<Tables>,
  bytes: Buffer,
  start: number,
  { lengths }: Header,
): Tables {
  let at = bytes.byteOffset + start;
  const sections = namesOf(format).map((name) => {
    const view = new format.sections[name](bytes.buffer as ArrayBuffer, at, lengths[name]);
    at += padded(view.byteLength);
    return [name, view];
  });
  return Object.fromEntries(sections) as Tables;
}

/** Reads the complete file into a new buffer, in which every section is aligned. */
async function readAll({ title }: Pick<TableFormat<unknown>, "title">, path: string): Promise<Buffer> {
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
      what: `the ${title} cannot be read`,
      where: path,
      hint: REIMPORT,
      cause,
    });
  }
}

function bytesOf(view: Section): Buffer {
  return Buffer.from(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
}

function pad(bytes: Buffer, fill: number): Buffer {
  return bytes.length % 8 === 0
    ? bytes
    : Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length, fill)]);
}

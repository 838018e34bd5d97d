import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline, Readable } from "node:stream";
import { extract as createExtract, type Extract } from "tar-stream";
import { type Entity, MmelError } from "../../core/index.js";
import { bytesOf, readEntities } from "../../formats/index.js";
import { createVersionHash, encodeEntity } from "../content.js";
import {
  damagedPack,
  MAX_MANIFEST,
  notPacked,
  PACK_ENTITIES,
  PACK_MANIFEST,
  type PackManifest,
  parsePackManifest,
} from "./format.js";
import { assertSeal } from "./seal.js";

/** A packed knowledge base that is open for reading. */
export interface OpenPack extends AsyncDisposable {
  readonly manifest: PackManifest;
  /**
   * Yields all entities in order of id; can be iterated once. Throws `FORMAT` if the archive contains no entities
   * file, and `KB_DAMAGED` if a check fails. The iterator ends only after all checks have passed. A caller that
   * publishes the entities only after the end therefore never publishes a damaged file.
   */
  entities(): AsyncGenerator<Entity>;
}

type Entry = Extract extends AsyncIterable<infer Item> ? Item : never;

/** Number of bytes allowed in addition to the entities, for headers, manifest, padding and read-ahead. */
const OVERHEAD = 4 << 20;
/**
 * Maximum compression ratio if the entities exceed 64 MiB. Entities compress about tenfold; a much higher ratio
 * indicates a decompression bomb.
 */
const MAX_RATIO = 200;

/**
 * Opens a file that `packKb` wrote. Never uses paths from the archive. Throws `FORMAT` if the file is not a packed
 * knowledge base, `KB_DAMAGED` if it is damaged, and `KB_TOO_NEW` if a newer version of mmel wrote it. Throws
 * `FILE_NOT_FOUND`, `FILE_IS_DIRECTORY` or `FILE_UNREADABLE` if it cannot be read.
 */
export async function openPack(path: string, signal?: AbortSignal): Promise<OpenPack> {
  const file = basename(path);
  await checkSeal(path, file, signal);
  let allowed = OVERHEAD;
  const bytes = limited(bytesOf(path, signal), () => allowed, file);
  const extract = createExtract();
  pipeline(Readable.from(bytes), extract, () => {}); // errors are thrown where entries are read
  const entries = extract[Symbol.asyncIterator]();
  const next = (refuse = damagedPack): Promise<Entry | undefined> => nextEntry(entries, file, refuse);
  const dispose = async (): Promise<void> => {
    extract.destroy(new MmelError("INTERNAL", { what: "the packed file is already closed", where: file }));
  };
  try {
    const manifest = await readManifest(await next(notAnArchive), file);
    await assertPlausibleSize(path, manifest);
    return {
      manifest,
      async *entities() {
        const entry = await next();
        assertEntry(entry, PACK_ENTITIES, file);
        if (entry.header.size !== manifest.bytes)
          throw damagedPack("the length of the entities differs from the manifest", file);
        allowed = manifest.bytes + OVERHEAD;
        yield* verified(entry, manifest, file);
        if ((await next()) !== undefined) throw damagedPack("it contains additional files", file);
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Checks the seal of a file that can be read twice. Leaves other errors, such as a missing file, to `bytesOf`. */
async function checkSeal(path: string, file: string, signal: AbortSignal | undefined): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) await assertSeal(path, file, signal);
}

async function nextEntry(
  entries: AsyncIterator<Entry>,
  file: string,
  refuse: typeof damagedPack,
): Promise<Entry | undefined> {
  try {
    const { done, value } = await entries.next();
    return done ? undefined : value;
  } catch (error) {
    throw tarFailure(error, file, refuse);
  }
}

async function* contentOf(entry: Entry, file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of entry) yield chunk as Uint8Array;
  } catch (error) {
    throw tarFailure(error, file, damagedPack);
  }
}

const notAnArchive: typeof damagedPack = (_, file, cause) => notPacked("it is not an archive", file, cause);

/**
 * Converts an error from decompressing or reading the archive to an `MmelError`. `refuse` creates the error for an
 * archive that cannot be read.
 */
function tarFailure(error: unknown, file: string, refuse: typeof damagedPack): MmelError {
  if (!(error instanceof MmelError)) return refuse((error as Error).message, file, error);
  return error.code === "FORMAT" ? damagedPack(error.detail.what, file, error) : error;
}

function assertEntry(entry: Entry | undefined, name: string, file: string): asserts entry is Entry {
  if (entry === undefined) throw notPacked(`${name} is missing`, file);
  if (entry.header.name !== name || entry.header.type !== "file")
    throw notPacked(`it contains ${JSON.stringify(entry.header.name)} instead of ${name}`, file);
}

async function readManifest(entry: Entry | undefined, file: string): Promise<PackManifest> {
  assertEntry(entry, PACK_MANIFEST, file);
  if (entry.header.size > MAX_MANIFEST) throw notPacked("its manifest is too long", file);
  const chunks: Uint8Array[] = [];
  for await (const chunk of contentOf(entry, file)) chunks.push(chunk);
  return parsePackManifest(Buffer.concat(chunks).toString("utf8"), file);
}

async function assertPlausibleSize(path: string, { bytes }: PackManifest): Promise<void> {
  const { size } = await stat(path);
  if (bytes <= Math.max(64 << 20, MAX_RATIO * size)) return;
  throw damagedPack(`it claims to expand from ${size} to ${bytes} bytes`, basename(path));
}

/**
 * Yields the entities. Throws `KB_DAMAGED` if an entity is invalid or not in order of id, or if the entities do not
 * match the manifest exactly.
 */
async function* verified(entry: Entry, manifest: PackManifest, file: string): AsyncGenerator<Entity> {
  const sha256 = createHash("sha256");
  const content = createVersionHash();
  let [entities, last] = [0, ""];
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of contentOf(entry, file)) {
      sha256.update(chunk);
      yield chunk;
    }
  }
  for await (const read of readEntities(hashed(), { format: "jsonl" })) {
    if (read.kind === "rejected")
      throw damagedPack(`line ${read.line} of its entities: ${read.error.detail.what}`, file, read.error);
    if (read.value.id <= last) throw damagedPack("its entities are not sorted by id", file);
    last = read.value.id;
    entities++;
    content.add(encodeEntity(read.value));
    yield read.value;
  }
  if (sha256.digest("hex") !== manifest.sha256) throw damagedPack("its checksum does not match", file);
  if (entities !== manifest.entities || content.version() !== manifest.version)
    throw damagedPack("its entities do not match the manifest", file);
}

async function* limited(
  bytes: AsyncIterable<Uint8Array>,
  allowed: () => number,
  file: string,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > allowed()) throw damagedPack("it expands to more bytes than its manifest allows", file);
    yield chunk;
  }
}

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

/** A packed knowledge base that is being read. */
export interface OpenPack extends AsyncDisposable {
  readonly manifest: PackManifest;
  /**
   * All entities in order of id, once. Everything is checked before the iterator ends, so whoever makes entities
   * visible only then never shows a damaged or altered file: `KB_DAMAGED`.
   */
  entities(): AsyncGenerator<Entity>;
}

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

/** Bytes beside the entities: headers, manifest, padding, and what a chunk brings too early. */
const OVERHEAD = 4 << 20;
/** Entities pack to a tenth or so; what claims to grow more than this is made to fill disks. */
const MOST_GROWTH = 200;

/** Opens a file that `packKb` wrote. Nothing in it names a path. `FILE_NOT_FOUND`, `FORMAT`, `KB_DAMAGED`, `KB_TOO_NEW`. */
export async function openPack(path: string, signal?: AbortSignal): Promise<OpenPack> {
  const file = basename(path);
  let allowed = OVERHEAD;
  const bytes = limited(bytesOf(path, signal), () => allowed, file);
  const extract = createExtract();
  pipeline(Readable.from(bytes), extract, () => {}); // an error comes out where entries are read
  const entries = extract[Symbol.asyncIterator]();
  const next = (refuse = damagedPack): Promise<Entry | undefined> => nextEntry(entries, file, refuse);
  const dispose = async (): Promise<void> => {
    extract.destroy(new MmelError("INTERNAL", { what: "a closed packed file was read", where: file }));
  };
  try {
    const manifest = await readManifest(await next(noArchive), file);
    await refuseBomb(path, manifest);
    return {
      manifest,
      async *entities() {
        const entry = await next();
        assertEntry(entry, PACK_ENTITIES, file);
        if (entry.header.size !== manifest.bytes)
          throw damagedPack("the entities have another length than the manifest says", file);
        allowed = manifest.bytes + OVERHEAD;
        yield* checked(entry, manifest, file);
        if ((await next()) !== undefined) throw damagedPack("it holds more than it should", file);
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
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

const noArchive: typeof damagedPack = (_, file, cause) => notPacked("it is no archive", file, cause);

/** What a failure of the packed bytes means, and with `refuse` one of the archive in them. */
function tarFailure(error: unknown, file: string, refuse: typeof damagedPack): MmelError {
  if (!(error instanceof MmelError)) return refuse((error as Error).message, file, error);
  return error.code === "FORMAT" ? damagedPack(error.detail.what, file, error) : error;
}

function assertEntry(entry: Entry | undefined, name: string, file: string): asserts entry is Entry {
  if (entry === undefined) throw notPacked(`${name} is missing`, file);
  if (entry.header.name !== name || entry.header.type !== "file")
    throw notPacked(`it holds ${JSON.stringify(entry.header.name)} in place of ${name}`, file);
}

async function readManifest(entry: Entry | undefined, file: string): Promise<PackManifest> {
  assertEntry(entry, PACK_MANIFEST, file);
  if (entry.header.size > MAX_MANIFEST) throw notPacked("its manifest is too long", file);
  const chunks: Uint8Array[] = [];
  for await (const chunk of contentOf(entry, file)) chunks.push(chunk);
  return parsePackManifest(Buffer.concat(chunks).toString("utf8"), file);
}

async function refuseBomb(path: string, { bytes }: PackManifest): Promise<void> {
  const { size } = await stat(path);
  if (bytes <= Math.max(64 << 20, MOST_GROWTH * size)) return;
  throw damagedPack(`it claims to unpack from ${size} to ${bytes} bytes`, basename(path));
}

/** The entities of a file that is what its manifest says, to the last byte; nothing else ends without an error. */
async function* checked(entry: Entry, manifest: PackManifest, file: string): AsyncGenerator<Entity> {
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
    if (read.value.id <= last) throw damagedPack("its entities are not in order", file);
    last = read.value.id;
    entities++;
    content.add(encodeEntity(read.value));
    yield read.value;
  }
  if (sha256.digest("hex") !== manifest.sha256) throw damagedPack("its checksum is another", file);
  if (entities !== manifest.entities || content.version() !== manifest.version)
    throw damagedPack("its entities are not those that the manifest describes", file);
}

async function* limited(
  bytes: AsyncIterable<Uint8Array>,
  allowed: () => number,
  file: string,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > allowed()) throw damagedPack("it unpacks to more than it should hold", file);
    yield chunk;
  }
}

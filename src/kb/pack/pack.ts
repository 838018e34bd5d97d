import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack as createTar, type Pack } from "tar-stream";
import {
  entityFromWire,
  entityLines,
  entitySchema,
  entityToWire,
  parseWire,
  writeBytesAtomically,
} from "../../formats/index.js";
import { createVersionHash, encodeEntity } from "../content.js";
import type { EntityStore } from "../store.js";
import { formatPackManifest, PACK_ENTITIES, PACK_MANIFEST, type PackManifest } from "./format.js";
import { sealed } from "./seal.js";

interface PackOptions {
  readonly signal?: AbortSignal;
  /** Called at intervals with the number of entities written so far. */
  readonly onProgress?: (entities: number) => void;
}

/**
 * Writes a knowledge base from any driver to one file (see `format.ts`), atomically and in bounded memory. The first
 * pass computes the length and the hash; the second pass writes the file. The same entities and the same name result in
 * the same bytes. Throws `ENTITY_INVALID` or `ENCODING` if an entity cannot be represented in an entity file, for
 * example because it contains a lone surrogate.
 */
export async function packKb(
  store: EntityStore,
  file: string,
  options: PackOptions = {},
): Promise<PackManifest> {
  const manifest = await createManifest(store, options.signal);
  await writeBytesAtomically(file, sealed(archive(store, manifest, options)));
  return manifest;
}

async function createManifest(store: EntityStore, signal: AbortSignal | undefined): Promise<PackManifest> {
  const sha256 = createHash("sha256");
  const content = createVersionHash();
  let [entities, bytes] = [0, 0];
  async function* checked() {
    for await (const entity of store.all(signal && { signal })) {
      const wire = parseWire(entitySchema, entityToWire(entity), "ENTITY_INVALID");
      content.add(encodeEntity(entityFromWire(wire)));
      entities++;
      yield entity;
    }
  }
  for await (const line of entityLines(checked())) {
    sha256.update(line);
    bytes += Buffer.byteLength(line);
  }
  const { name } = store.manifest;
  return { name, version: content.version(), entities, bytes, sha256: sha256.digest("hex") };
}

function archive(
  store: EntityStore,
  manifest: PackManifest,
  options: PackOptions,
): AsyncIterable<Uint8Array> {
  const tar = createTar();
  const gzip = createGzip();
  pipeline(tar, gzip).catch(() => {}); // errors are thrown where gzip is read
  fill(tar, store, manifest, options).catch((error) => tar.destroy(error));
  return gzip;
}

/** Header fields with a fixed time and no owner, so that packing the same content again results in the same bytes. */
const HEADER = { mtime: new Date(0), mode: 0o644 };

/**
 * Adds the manifest and the entities to the archive. If reading the entities fails, the archive is destroyed. If the
 * archive is destroyed, reading stops.
 */
async function fill(
  tar: Pack,
  store: EntityStore,
  manifest: PackManifest,
  { signal, onProgress }: PackOptions,
): Promise<void> {
  tar.entry({ name: PACK_MANIFEST, ...HEADER }, formatPackManifest(manifest));
  const entry = tar.entry({ name: PACK_ENTITIES, size: manifest.bytes, ...HEADER });
  let count = 0;
  async function* lines(): AsyncGenerator<Uint8Array> {
    for await (const line of entityLines(store.all(signal && { signal }))) {
      yield Buffer.from(line);
      if (++count % 1000 === 0) onProgress?.(count);
    }
  }
  await pipeline(Readable.from(lines()), entry);
  tar.finalize();
}

import { createHash } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, type Entity, MmelError } from "../../src/core/index.js";
import { type EntityStore, openStore } from "../../src/kb/index.js";
import { createLinker, type Linker } from "../../src/linker/index.js";
import type { Model } from "../../src/models/model.js";
import { loadModel } from "../../src/models/registry.js";

/** One changed bit. */
export interface Flip {
  readonly file: string;
  readonly offset: number;
  readonly bit: number;
}

/** What became of the flips: reported as `KB_DAMAGED`, without any effect, or with another result than before. */
export interface FlipReport {
  readonly flips: number;
  readonly found: number;
  readonly harmless: number;
  readonly silent: readonly (Flip & { readonly result: string })[];
  /** Number of found flips whose error names the file. */
  readonly placed: number;
}

/** How a knowledge base is read: all at once after the flip, or opened before the flip. Returns what a user would see. */
export type Reading = (target: string, flip: () => Promise<void>) => Promise<string>;

export interface FlipOptions {
  readonly flips: number;
  readonly seed: number;
  readonly read: Reading;
  /** Which files to flip in; default: all files of the current version, and the manifest. */
  readonly files?: (file: string) => boolean;
  readonly onFlip?: (done: number) => void;
}

/**
 * Flips one bit at seeded places of a knowledge base in a folder, reads it each time, and restores it. Places are chosen
 * with the same probability for every byte.
 */
export async function flipBytes(
  target: string,
  { flips, seed, read, files = (file) => !file.endsWith("import.lock"), onFlip }: FlipOptions,
): Promise<FlipReport> {
  const random = createRandom(seed);
  const sizes = await filesOf(target, files);
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  const intact = await read(target, async () => {});
  const silent: (Flip & { result: string })[] = [];
  let [found, harmless, placed] = [0, 0, 0];
  for (let done = 0; done < flips; done++) {
    const flip = { ...placeAt(sizes, random.below(total)), bit: random.below(8) };
    const path = join(target, flip.file);
    const result = await read(target, () => change(path, flip)).catch(describe);
    await change(path, flip);
    if (result === intact) harmless++;
    else if (result.startsWith("KB_DAMAGED")) found++;
    else silent.push({ ...flip, result: result.slice(0, 300) });
    if (result.startsWith("KB_DAMAGED") && result.includes(flip.file)) placed++;
    onFlip?.(done + 1);
  }
  return { flips, found, harmless, silent, placed };
}

function describe(error: unknown): string {
  return error instanceof MmelError ? `${error.code} ${error.message}` : `INTERNAL ${String(error)}`;
}

async function filesOf(target: string, wanted: (file: string) => boolean) {
  const names = (await readdir(target, { recursive: true })).filter(wanted).sort();
  const sizes = await Promise.all(
    names.map(async (file) => ({ file, found: await stat(join(target, file)) })),
  );
  return sizes.flatMap(({ file, found }) => (found.isFile() ? [{ file, size: found.size }] : []));
}

function placeAt(
  sizes: readonly { file: string; size: number }[],
  at: number,
): { file: string; offset: number } {
  let offset = at;
  for (const { file, size } of sizes) {
    if (offset < size) return { file, offset };
    offset -= size;
  }
  throw new Error("the place is behind the last file");
}

/** Flips the bit in place, as a failing disk does. */
async function change(path: string, { offset, bit }: Flip): Promise<void> {
  await using file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, offset);
  await file.write(Buffer.of(byte[0]! ^ (1 << bit)), 0, 1, offset);
}

export interface Sample {
  readonly captions: readonly {
    readonly id: string;
    readonly text: string;
    readonly mentions: readonly { text: string }[];
  }[];
  readonly ids: readonly string[];
  readonly names: readonly string[];
  /** Whether to read all entities as well. */
  readonly all?: boolean;
}

/** Chooses captions with two names each, ids and names to search for. */
export function sampleOf(entities: readonly Entity[], count: number, seed: number): Sample {
  const random = createRandom(seed);
  const some = (): Entity => entities[random.below(entities.length)]!;
  return {
    captions: Array.from({ length: count }, (_, index) => {
      const [a, b] = [some(), some()];
      const text = `${a.label} and ${b.label} on the stairs`;
      return { id: `${index}`, text, mentions: [{ text: a.label }, { text: b.label }] };
    }),
    ids: Array.from({ length: 20 * count }, () => some().id),
    names: Array.from({ length: Math.ceil(count / 4) }, () => some().label),
  };
}

let loaded: Promise<Model> | undefined;

/** Loads the model once, because loading it takes longer than opening the knowledge base. */
function model(): Promise<Model> {
  loaded ??= loadModel("lexical");
  return loaded;
}

interface Parts {
  readonly store: EntityStore;
  readonly linker: Linker;
}

async function opened(target: string): Promise<Parts & AsyncDisposable> {
  const store = await openStore(target);
  const linker = await createLinker({ kb: store, model: await model() }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  return {
    store,
    linker,
    [Symbol.asyncDispose]: async () => {
      await linker.close();
      await store.close();
    },
  };
}

async function see({ store, linker }: Parts, { captions, ids, names, all }: Sample): Promise<string> {
  const seen: unknown[] = []; // the quickest first
  for (const name of names) seen.push(await store.searchNames(name));
  seen.push([...(await store.getMany(ids)).values()]);
  if (all) {
    const hash = createHash("sha256");
    for await (const entity of store.all()) hash.update(JSON.stringify(entity));
    seen.push(hash.digest("hex"));
  }
  for await (const { links, error } of linker.linkAll(captions)) {
    if (error !== undefined) throw error;
    seen.push(links);
  }
  return JSON.stringify(seen);
}

/** Flips first, then opens and reads. */
export const readAfter =
  (sample: Sample): Reading =>
  async (target, flip) => {
    await flip();
    await using parts = await opened(target);
    return await see(parts, sample);
  };

/** Opens, then flips and reads, as a service does whose disk fails. */
export const readWhileOpen =
  (sample: Sample): Reading =>
  async (target, flip) => {
    await using parts = await opened(target).catch(async (error) => {
      await flip(); // the caller flips back
      throw error;
    });
    await flip();
    return await see(parts, sample);
  };

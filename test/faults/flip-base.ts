/**
 * Flips bits at seeded places of a knowledge base of 80 MB and of its packed file, and prints a table of what was found:
 * `npx tsx test/faults/flip-base.ts [FLIPS] [SEED]` (1,000 and 1; run `npm run build` first). The exit code is 1 if a flip
 * changed what is read without an error.
 */
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../src/kb/index.js";
import { openPack, packKb } from "../../src/kb/pack/index.js";
import { importKb } from "../../src/linker/index.js";
import { manyEntities } from "../kb/entities.js";
import { type FlipOptions, flipBytes, type Reading, readAfter, readWhileOpen, sampleOf } from "./flips.js";

/** Gives a knowledge base of 80 MB. */
const ENTITIES = 120_000;
/** Opening a linker takes most of a second, so that the runs that open it for each flip have fewer flips. */
const FEWER = 10;

const [flips = 1000, seed = 1] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), "mmel-flip-base-"));
const target = join(folder, "kb");
const isDatabase = (file: string): boolean => file.endsWith("entities.sqlite");
let silent = 0;

async function run(what: string, at: string, options: Omit<FlipOptions, "seed">): Promise<void> {
  const start = performance.now();
  const report = await flipBytes(at, { ...options, seed });
  silent += report.silent.length;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${what}: ${report.flips} flips, ${report.found} found (${report.placed} with the file), ${report.harmless} harmless, ${report.silent.length} silent, ${seconds} s`,
  );
  for (const flip of report.silent) console.log("  silent:", JSON.stringify(flip));
}

const readPack: Reading = async (at, flip) => {
  await flip();
  await using pack = await openPack(join(at, "people.kb.tar.gz"));
  let entities = 0;
  for await (const _ of pack.entities()) entities++;
  return `${entities}`;
};

try {
  const entities = manyEntities(ENTITIES);
  await importKb(target, entities);
  const version = join(target, "version-1");
  let size = 0;
  for (const name of await readdir(version)) size += (await stat(join(version, name))).size;
  console.log(`a knowledge base of ${(size / 1e6).toFixed(1)} MB, ${ENTITIES} entities`);
  const sample = sampleOf(entities, 10, seed);
  await run("flipped, then opened", target, { flips, read: readAfter(sample) });
  const withoutSearch = { ...sample, names: [] };
  await run("opened, then flipped in the database", target, {
    flips: flips / FEWER,
    read: readWhileOpen(withoutSearch),
    files: isDatabase,
  });

  const packs = join(folder, "packs");
  await importKb(join(folder, "small"), manyEntities(2000));
  await using store = await openStore(join(folder, "small"));
  await mkdir(packs);
  await packKb(store, join(packs, "people.kb.tar.gz"));
  await run("flipped in a packed file", packs, { flips, read: readPack });

  await run("flipped in the database, then opened, without a name search, all entities read", target, {
    flips: flips / FEWER,
    read: readAfter({ ...withoutSearch, all: true }),
    files: isDatabase,
  });
} finally {
  await rm(folder, { recursive: true });
}
process.exitCode = silent > 0 ? 1 : 0;

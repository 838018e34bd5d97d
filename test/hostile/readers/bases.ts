import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack as createTar } from "tar-stream";
import { openCandidateIndex } from "../../../src/candidates/index.js";
import { createBlockSums } from "../../../src/core/blocks.js";
import { entityLines } from "../../../src/formats/index.js";
import { createMemoryStore, openStore } from "../../../src/kb/index.js";
import { openPack, packKb } from "../../../src/kb/pack/index.js";
import { formatManifest, type PublishedManifest } from "../../../src/kb/sqlite/manifest.js";
import { importKb, openStoreRelations, unpackKb } from "../../../src/linker/index.js";
import { openVectorStore } from "../../../src/pictures/vector-store.js";
import { isServerUrl, parseAddress, showTarget } from "../../../src/postgres/index.js";
import { isPublic } from "../../../src/server/images/fetch-image.js";
import { parseTokens } from "../../../src/server/security/tokens.js";
import { mutate, pick } from "../mutate.js";
import { type Files, type Generator, json, type Reader, text } from "../reader.js";
import { entities } from "./demo.js";

async function filesBelow(folder: string): Promise<Files> {
  const files: Record<string, Uint8Array> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[relative(folder, path)] = await readFile(path);
  }
  return files;
}

async function base(folder: string): Promise<Files> {
  await importKb(join(folder, "kb"), entities, { name: "base" });
  const { "import.lock": _, ...files } = await filesBelow(join(folder, "kb"));
  return files;
}

/** Changes a file of a knowledge base and its checksum in the manifest, as someone does on purpose. */
const resealed: Generator = (files, random) => {
  const names = Object.keys(files).filter((name) => name.startsWith("version-"));
  const name = pick(names, random);
  const changed = mutate(files, [name], random);
  const manifest = JSON.parse(Buffer.from(files["manifest.json"]!).toString()) as PublishedManifest;
  const sums = createBlockSums();
  sums.add(Buffer.from(changed[name]!));
  const file = { bytes: changed[name]!.length, blocks: sums.finish() };
  const inside = name.slice(name.indexOf("/") + 1);
  const sealed = formatManifest({ ...manifest, files: { ...manifest.files, [inside]: file } });
  return { ...changed, "manifest.json": text(sealed) };
};

async function readBase(folder: string): Promise<void> {
  await using store = await openStore(folder);
  for await (const _ of store.all());
  await store.getMany(["jordan-michael", "__proto__"]);
  await store.searchNames("Jordan");
  await openStoreRelations(store);
  if (store.folder === undefined) return;
  await using source = await openCandidateIndex(join(store.folder, "candidates.bin"), store);
  await source.candidates(["Jordan", "Paris"], 10);
}

const PACK = "kb.tar.gz";

/** Packs two files as an archive. */
async function archive(folder: string): Promise<Buffer> {
  const tar = createTar();
  for (const name of ["mmel-kb.json", "entities.jsonl"])
    tar.entry({ name }, await readFile(join(folder, name)));
  tar.finalize();
  return gzipSync(await buffer(tar as never));
}

/** Changes the entities of a pack, and its manifest accordingly. */
const repacked: Generator = (files, random) => {
  const changed = mutate(files, ["entities.jsonl"], random);
  const lines = changed["entities.jsonl"]!;
  const manifest = JSON.parse(Buffer.from(files["mmel-kb.json"]!).toString()) as object;
  const sha256 = createHash("sha256").update(lines).digest("hex");
  return { ...changed, "mmel-kb.json": json({ ...manifest, bytes: lines.length, sha256 }) };
};

async function packFiles(folder: string): Promise<Files> {
  const manifest = await packKb(createMemoryStore(entities, { name: "base" }), join(folder, PACK));
  await using pack = await openPack(join(folder, PACK));
  let lines = "";
  for await (const line of entityLines(pack.entities())) lines += line;
  return {
    "mmel-kb.json": json({ format: "mmel-kb-pack", layout: 1, ...manifest }),
    "entities.jsonl": text(lines),
  };
}

const ADDRESSES = [
  "postgres://user:p%40ss@host:5432/database?sslmode=verify-full&kb=people&application_name=x",
  "postgresql://[::1]/db?host=/var/run/postgresql&connect_timeout=5&options=-c%20work_mem%3D64MB",
  "postgres://localhost/db?ssl=true&keep=2",
].join("\n");

const IPS = "127.0.0.1\n::127.0.0.1\n::ffff:10.0.0.1\n8.8.8.8\n2001:4860:4860::8888\nfe80::1%eth0\n0x7f.1\n";

async function linesOf(input: string, name: string): Promise<string[]> {
  return (await readFile(join(input, name), "utf8")).split("\n");
}

/** Knowledge bases, packs, stores of vectors, and the addresses and tokens that users give. */
export const BASE_READERS: readonly Reader[] = [
  { name: "knowledge base in a folder", sample: base, special: [resealed], read: readBase, inputs: 40 },
  {
    name: "pack",
    sample: async (folder) => {
      await packKb(createMemoryStore(entities, { name: "base" }), join(folder, PACK));
      return { [PACK]: await readFile(join(folder, PACK)) };
    },
    async read(input) {
      await using pack = await openPack(join(input, PACK));
      for await (const _ of pack.entities());
    },
  },
  {
    name: "contents of a pack",
    sample: packFiles,
    special: [repacked],
    async read(input, output) {
      const file = join(output, PACK);
      await writeFile(file, await archive(input));
      await unpackKb(file, join(output, "kb"));
    },
    seconds: 10,
  },
  {
    name: "vectors of pictures",
    async sample(folder) {
      const key = { encoder: { id: "e", hash: "0123456789abcdef" }, views: 1 };
      await using store = await openVectorStore(folder, key);
      for (let at = 0; at < 5; at++) {
        await store.add(String(at).repeat(64), Float32Array.of(at, 1, 2, 3));
        await store.remember(`stamp ${at}`, String(at).repeat(64));
      }
      return await filesBelow(folder);
    },
    async read(input) {
      await using store = await openVectorStore(input, {
        encoder: { id: "e", hash: "0123456789abcdef" },
        views: 1,
      });
      for (let at = 0; at < 5; at++) await store.read(String(at).repeat(64));
    },
  },
  {
    name: "addresses of PostgreSQL",
    sample: () => ({ addresses: text(ADDRESSES) }),
    async read(input) {
      for (const line of await linesOf(input, "addresses")) {
        isServerUrl(line);
        showTarget(line);
        parseAddress(line, "--kb", ["kb", "keep"]);
      }
    },
  },
  {
    name: "addresses of picture hosts",
    sample: () => ({ addresses: text(IPS) }),
    read: async (input) => (await linesOf(input, "addresses")).map(isPublic),
  },
  {
    name: "tokens of the service",
    sample: () => ({
      tokens: text(`# a comment
link ${"a".repeat(32)}
admin ${"b".repeat(32)}
`),
    }),
    read: async (input) => parseTokens(await readFile(join(input, "tokens"), "utf8"), "tokens"),
  },
];

import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generatePictographs } from "../../bench/pictographs/generate.js";
import type { Caption, Entity } from "../../src/core/index.js";
import { readCaptions, readEntities } from "../../src/formats/index.js";
import { fold } from "../../src/names/index.js";
import { ALIKE, GREYS, NUMBERS, TWINS, writeFakePackages } from "./fake-packages.js";

const SPLITS = ["train", "dev", "test"] as const;
type Split = (typeof SPLITS)[number];

interface Built {
  readonly entities: ReadonlyMap<string, Entity>;
  readonly captions: Readonly<Record<Split, readonly Caption[]>>;
}

async function read(folder: string): Promise<Built> {
  const entities = new Map<string, Entity>();
  for await (const one of readEntities(join(folder, "kb.jsonl"))) {
    if (one.kind === "rejected") throw one.error;
    entities.set(one.value.id, one.value);
  }
  const captions: Record<Split, Caption[]> = { train: [], dev: [], test: [] };
  for (const split of SPLITS) {
    for await (const one of readCaptions(join(folder, `${split}.jsonl`))) {
      if (one.kind === "rejected") throw one.error;
      captions[split].push(one.value);
    }
  }
  return { entities, captions };
}

const mentionsOf = ({ captions }: Built, split: Split) => captions[split].flatMap(({ mentions }) => mentions);

const goldOf = ({ gold }: Caption["mentions"][number]): string => {
  if (gold?.kind !== "entity") throw new Error("a mention without gold");
  return gold.id;
};

const goldsOf = (built: Built, split: Split): Set<string> => new Set(mentionsOf(built, split).map(goldOf));

function rivalsOf({ entities }: Built, { text, ...mention }: Caption["mentions"][number]): number {
  const holders = [...entities.values()].filter(({ label, aliases }) =>
    [label, ...aliases].some((name) => fold(name) === fold(text)),
  );
  expect(holders.map(({ id }) => id)).toContain(goldOf({ text, ...mention }));
  return holders.length - 1;
}

async function bytesOf(folder: string): Promise<Map<string, string>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const contents = await Promise.all(paths.map((path) => readFile(path, "base64")));
  return new Map(paths.map((path, at) => [path.slice(folder.length), contents[at]!] as const).sort());
}

/** The pictures in an image of fake packages, from left to right: the number of the entity and the grey level of the artist. */
async function decode(path: string): Promise<{ number: number; grey: number }[]> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([info.height, info.width % 224, info.channels]).toEqual([224, 0, 3]);
  const at = (x: number, y: number): number => data[3 * (y * info.width + x)]!;
  return Array.from({ length: info.width / 224 }, (_, picture) => {
    const bits = Array.from({ length: 8 }, (_, bit) => at(224 * picture + 28 * bit + 14, 56) < 240);
    const number = bits.reduce((sum, on, bit) => sum + (on ? 2 ** bit : 0), 0);
    return { number, grey: at(224 * picture + 112, 168) };
  });
}

/** Timeout in milliseconds for builds on a busy machine. */
const SLOW = 300_000;

describe("generatePictographs with fake packages", () => {
  let folder = "";
  let built: Built;
  const build = (output: string, seed: number) =>
    generatePictographs({ output: join(folder, output), packages: folder, seed });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mmel-pictographs-"));
    await writeFakePackages(folder);
    await build("a", 1);
    built = await read(join(folder, "a"));
  }, SLOW);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    "gives the same bytes for the same seed, and different bytes for another",
    async () => {
      await build("b", 1);
      await build("c", 2);
      const [a, b, c] = await Promise.all(["a", "b", "c"].map((name) => bytesOf(join(folder, name))));
      expect([...b!.keys()]).toEqual([...a!.keys()]);
      expect(b).toEqual(a);
      for (const file of ["/train.jsonl", "/dev.jsonl", "/test.jsonl"])
        expect(c!.get(file)).not.toBe(a!.get(file));
      expect(c!.get("/kb.jsonl")).toBe(a!.get("/kb.jsonl"));
    },
    SLOW,
  );

  it("assigns each gold entity to one split, about 7:1:2", () => {
    const golds = SPLITS.map((split) => goldsOf(built, split));
    const sizes = golds.map((one) => one.size);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(new Set(golds.flatMap((one) => [...one])).size).toBe(total);
    for (const [at, share] of [0.7, 0.1, 0.2].entries()) expect(sizes[at]! / total).toBeCloseTo(share, 1);
  });

  it("gives every mention at least four rival entities with the same name", () => {
    for (const split of SPLITS)
      for (const mention of mentionsOf(built, split))
        expect(rivalsOf(built, mention)).toBeGreaterThanOrEqual(4);
  });

  it("writes correct spans, and ids that begin with the kind of the gold entity", () => {
    const captions = SPLITS.flatMap((split) => built.captions[split]);
    expect(new Set(captions.map(({ id }) => id)).size).toBe(captions.length);
    for (const { id, text, mentions } of captions) {
      expect(mentions.length).toBeGreaterThanOrEqual(1);
      expect(mentions.length).toBeLessThanOrEqual(3);
      for (const mention of mentions) {
        expect(text.slice(mention.span!.start, mention.span!.end)).toBe(mention.text);
        expect(goldOf(mention).split(":")[0]).toBe(id.split("-")[0]);
      }
    }
    expect(new Set(captions.map(({ mentions }) => mentions.length))).toEqual(new Set([1, 2, 3]));
  });

  it("never uses a name shared by two gold entities of a caption", () => {
    const namesOf = (id: string): string[] => {
      const { label, aliases } = built.entities.get(id)!;
      return [label, ...aliases].map(fold);
    };
    for (const split of SPLITS)
      for (const { mentions } of built.captions[split])
        for (const [at, mention] of mentions.entries())
          for (const [other, neighbour] of mentions.entries())
            if (other !== at) expect(namesOf(goldOf(neighbour))).not.toContain(fold(mention.text));
  });

  it("shows the gold entities by artists of the split, and the knowledge base by its own artist", async () => {
    const allowed: Readonly<Record<Split, readonly number[]>> = {
      train: GREYS.train,
      dev: [GREYS.dev],
      test: [GREYS.test],
    };
    const images = join(folder, "a", "images");
    const orders = new Set<boolean>();
    for (const split of SPLITS) {
      for (const { image, mentions } of built.captions[split]) {
        const pictures = await decode(join(images, image!));
        const meant = mentions.map((mention) => NUMBERS.get(goldOf(mention))!);
        const shown = pictures.map(({ number }) => number);
        expect([...shown].sort()).toEqual([...meant].sort());
        for (const { grey } of pictures) expect(allowed[split]).toContain(grey);
        if (meant.length > 1) orders.add(shown.join() === meant.join());
      }
    }
    expect(orders).toEqual(new Set([true, false]));
    for (const { id, images: own } of built.entities.values()) {
      const [picture] = await decode(join(images, own[0]!));
      expect(picture).toEqual({ number: NUMBERS.get(id === TWINS[1] ? TWINS[0] : id), grey: GREYS.entity });
    }
  });

  it("uses both artists of the training split", async () => {
    const greys = new Set<number>();
    for (const { image } of built.captions.train)
      for (const { grey } of await decode(join(folder, "a", "images", image!))) greys.add(grey);
    expect(greys).toEqual(new Set(GREYS.train));
  });

  it("never refers to entities drawn alike by all artists or identical to another, but keeps them in the knowledge base", () => {
    const golds = new Set(SPLITS.flatMap((split) => [...goldsOf(built, split)]));
    for (const id of [ALIKE, ...TWINS]) {
      expect(built.entities.has(id)).toBe(true);
      expect(golds.has(id)).toBe(false);
    }
    expect(golds.size).toBeGreaterThan(0.8 * built.entities.size);
  });

  it("keeps no unused images", async () => {
    const shown = new Set([
      ...SPLITS.flatMap((split) => built.captions[split].map(({ image }) => image)),
      ...[...built.entities.values()].flatMap(({ images }) => images),
    ]);
    expect(new Set(await readdir(join(folder, "a", "images")))).toEqual(shown);
  });

  it("writes names, keywords and facts", () => {
    const flag = built.entities.get("flag:AT");
    expect(flag).toMatchObject({
      label: "LandAT",
      aliases: ["AT", "Europe", "Aaish", "franc"],
      properties: { continent: ["Europe"], capital: ["AT City"], subgroup: ["country-flag in words"] },
    });
    expect(built.entities.get("logo:acme-mx")).toMatchObject({
      label: "Acme Mx",
      aliases: ["Acme", "data base"],
      properties: { field: ["data base"] },
    });
  });

  it("writes a card and statistics with version, seed, packages and licences", async () => {
    const card = await readFile(join(folder, "a", "README.md"), "utf8");
    expect(card).toContain("`pictographs-1`, seed 1");
    expect(card).toContain("| @iconify-json/openmoji | 1.0.0 | CC0-1.0 | artist of openmoji |");
    const statistics = JSON.parse(await readFile(join(folder, "a", "statistics.json"), "utf8"));
    expect(statistics).toMatchObject({ generator: "pictographs-1", seed: 1 });
    const { all } = statistics.captions;
    expect(all.samples).toBe(SPLITS.reduce((sum, split) => sum + built.captions[split].length, 0));
    expect(all.mentions).toBe(SPLITS.reduce((sum, split) => sum + mentionsOf(built, split).length, 0));
    expect(all.splits.test.multi).toBe(
      built.captions.test.filter(({ mentions }) => mentions.length > 1).length,
    );
  });

  it(
    "leaves no files behind when aborted",
    async () => {
      for (const stage of ["entities drawn", "captions"]) {
        const controller = new AbortController();
        const stopped = generatePictographs({
          output: join(folder, "stopped"),
          packages: folder,
          seed: 1,
          signal: controller.signal,
          onProgress: (progress) => progress.stage === stage && controller.abort(),
        });
        await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
        expect((await readdir(folder)).filter((name) => name.includes("stopped"))).toEqual([]);
      }
    },
    SLOW,
  );

  it("rejects a folder that is not empty and leaves it unchanged", async () => {
    const output = await mkdtemp(join(folder, "full-"));
    await writeFile(join(output, "mine.txt"), "mine");
    const refused = generatePictographs({ output, packages: folder, seed: 1 });
    await expect(refused).rejects.toMatchObject({ code: "FILE_UNWRITABLE" });
    expect(await readdir(output)).toEqual(["mine.txt"]);
  });

  it("reports missing packages and how to install them", async () => {
    const empty = await mkdtemp(join(folder, "empty-"));
    await writeFakePackages(empty);
    for (const name of ["@iconify-json/noto", "devicon"])
      await rm(join(empty, "node_modules", name), { recursive: true });
    const refused = generatePictographs({ output: join(empty, "out"), packages: empty, seed: 1 });
    await expect(refused).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(refused).rejects.toThrow("npm install @iconify-json/noto devicon");
    expect(existsSync(join(empty, "out"))).toBe(false);
  });

  it("reports a package whose files have an unexpected form", async () => {
    const strange = await mkdtemp(join(folder, "strange-"));
    await writeFakePackages(strange);
    await writeFile(join(strange, "node_modules/@iconify-json/cib/icons.json"), '{"icons":[]}');
    const refused = generatePictographs({ output: join(strange, "out"), packages: strange, seed: 1 });
    await expect(refused).rejects.toThrow(/icons\.json.*@iconify-json\/cib 1\.0\.0/);
  });
});

const REAL = process.env.MMEL_PICTOGRAPH_PACKAGES ?? "";

describe.skipIf(REAL === "")(
  "generatePictographs with the real packages (in the folder MMEL_PICTOGRAPH_PACKAGES)",
  () => {
    it("generates enough captions for a benchmark, with rivals for every mention", async () => {
      const folder = await mkdtemp(join(tmpdir(), "mmel-pictographs-"));
      try {
        await generatePictographs({ output: join(folder, "out"), packages: REAL, seed: 1 });
        const built = await read(join(folder, "out"));
        expect(built.entities.size).toBeGreaterThanOrEqual(2_000);
        const captions = SPLITS.flatMap((split) => built.captions[split]);
        expect(captions.length).toBeGreaterThanOrEqual(6_000);
        const golds = SPLITS.map((split) => goldsOf(built, split));
        expect(new Set(golds.flatMap((one) => [...one])).size).toBe(
          golds.reduce((sum, { size }) => sum + size, 0),
        );
        for (const mention of mentionsOf(built, "test"))
          expect(rivalsOf(built, mention)).toBeGreaterThanOrEqual(4);
        for (const kind of ["emoji", "flag", "logo"])
          expect(built.captions.test.filter(({ id }) => id.startsWith(`${kind}-`)).length).toBeGreaterThan(
            100,
          );
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }, 900_000);
  },
);

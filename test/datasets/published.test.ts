import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Caption, withoutGold } from "../../src/core/index.js";
import { DATASETS } from "../../src/datasets/index.js";
import { PROPERTY_OF_HEADING } from "../../src/datasets/property-text.js";
import { captionLines, readCaptions } from "../../src/formats/index.js";
import { all, chunks, values } from "../formats/files.js";

const data = process.env.MMEL_SHARED === undefined ? "../shared/data" : join(process.env.MMEL_SHARED, "data");
const wikimel = join(data, "wikimel");
const richpedia = join(data, "richpedia");

type Json = Record<string, Record<string, unknown>>;
const json = <T = Json>(path: string): T => JSON.parse(readFileSync(path, "utf8"));
const sum = (captions: readonly Caption[], count: (caption: Caption) => number): number =>
  captions.reduce((total, caption) => total + count(caption), 0);

/** A temporary copy of a data set. */
function copyOf(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), "mmel-dataset-"));
  cpSync(folder, copy, { recursive: true });
  return copy;
}

function rewrite(path: string, change: (samples: Json) => object): void {
  const changed = JSON.stringify(change(json(path)));
  rmSync(path);
  writeFileSync(path, changed);
}

/** Reconstructs a property text independently of the reader. */
function textOf(
  properties: Readonly<Record<string, readonly string[]>>,
  nickname: "Nickname" | "Nick name",
): string {
  const headings = Object.entries(PROPERTY_OF_HEADING).filter(
    ([heading, name]) => name !== "nickname" || heading === nickname,
  );
  const headingOf = new Map(headings.map(([heading, name]) => [name as string, heading]));
  return Object.entries(properties)
    .map(([name, values]) => `${headingOf.get(name)}: ${values.join(", ")}.`)
    .join(" ");
}

/** Removes from a published text what the reader is known to drop, independently of the reader. */
function normalised(published: string): string {
  const facts = published.slice(0, -1).split(/\. (?=[A-Z][A-Za-z ]+: )/);
  return facts
    .map((fact) => fact.replace(/(-00)+(?=,|$)/, "").replace(/: (t\d+)?(, |$)/, ": "))
    .filter((fact) => !fact.endsWith(": "))
    .map((fact) => (/^(Birth|Death)/.test(fact) ? fact : withoutRepeats(fact)))
    .map((fact) => `${fact}.`)
    .join(" ");
}

function withoutRepeats(fact: string): string {
  const [heading = "", ...rest] = fact.split(": ");
  return `${heading}: ${[...new Set(rest.join(": ").split(", "))].join(", ")}`;
}

describe.skipIf(!existsSync(wikimel))("Wikidata-MEL (needs ../shared/data/wikimel)", () => {
  it("reads all captions in the order of the split and locates most mentions", async () => {
    const train = await all(DATASETS.wikimel.captions(wikimel, "train"));
    const dev = await all(DATASETS.wikimel.captions(wikimel, "dev"));
    const splits = json<Record<string, string[]>>(join(wikimel, "splits.json"));
    expect(train.map(({ id }) => id)).toEqual(splits.train);
    expect(dev.map(({ id }) => id)).toEqual(splits.dev);
    expect([train.length, dev.length]).toEqual([15_511, 2_213]);
    expect(sum(train, ({ mentions }) => mentions.length)).toBe(18_088);
    expect(sum(dev, ({ mentions }) => mentions.length)).toBe(2_627);
    expect(sum(dev, ({ mentions }) => mentions.filter(({ span }) => span).length)).toBeGreaterThan(
      0.97 * 2_627,
    );
  });

  it("round-trips through our caption files", async () => {
    const dev = await all(DATASETS.wikimel.captions(wikimel, "dev"));
    for (const format of ["jsonl", "csv"] as const) {
      const lines = (await all(captionLines(dev, { format }))).join("");
      expect(await values(readCaptions(chunks(lines, 1 << 16), { format }))).toEqual(dev);
    }
  });

  it("does not leak answers: changing answers and labels changes only gold", async () => {
    const copy = copyOf(wikimel);
    rewrite(join(copy, "Wikidata-MEL.json"), (samples) =>
      Object.fromEntries(
        Object.entries(samples).map(([key, sample]) => {
          const answer = (sample.answer as string[]).map((_, index) => `X${index}`);
          return [key, { ...sample, answer, entities: answer.map(() => "someone else") }];
        }),
      ),
    );
    const published = await all(DATASETS.wikimel.captions(wikimel, "dev"));
    const changed = await all(DATASETS.wikimel.captions(copy, "dev"));
    expect(changed.map(withoutGold)).toEqual(published.map(withoutGold));
    expect(changed[0]?.mentions[0]?.gold).toEqual({ kind: "entity", id: "X0" });
  });

  it("rejects an unknown split and names the existing ones", async () => {
    await expect(all(DATASETS.wikimel.captions(wikimel, "test"))).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("train or dev"),
    });
    await expect(all(DATASETS.wikimel.captions(wikimel, "constructor"))).rejects.toMatchObject({
      code: "USAGE",
    });
    await expect(all(DATASETS.wikimel.captions("nowhere", "dev"))).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
    });
  });
});

describe.skipIf(!existsSync(richpedia))("Richpedia-MEL (needs ../shared/data/richpedia)", () => {
  it("reads all captions with ids that do not leak the answers", async () => {
    const skipped: string[] = [];
    const train = await all(
      DATASETS.richpedia.captions(richpedia, "train", (reason) => skipped.push(reason)),
    );
    expect(skipped).toEqual(["captions with an empty mention"]);
    expect(train).toHaveLength(14_243);
    expect(train.every(({ id }) => /^richpedia-train-\d{6}$/.test(id))).toBe(true);
    expect(new Set(train.map(({ id }) => id)).size).toBe(14_243);
    expect(train.at(-1)?.id).toBe("richpedia-train-014244");
    expect(JSON.stringify(train.map(withoutGold))).not.toMatch(/"Q\d+"/);
    expect(train.every(({ mentions }) => mentions.length === 1)).toBe(true);
  });

  it("does not leak answers: changing ids and labels changes only gold", async () => {
    const copy = copyOf(richpedia);
    rewrite(join(copy, "train.json"), (samples) =>
      Object.fromEntries(
        Object.values(samples).map((sample, index) => [
          `X${index}`,
          { ...sample, id: `X${index}`, answer: `X${index}`, entities: "someone else" },
        ]),
      ),
    );
    const published = await all(DATASETS.richpedia.captions(richpedia, "train"));
    const changed = await all(DATASETS.richpedia.captions(copy, "train"));
    expect(changed.map(withoutGold)).toEqual(published.map(withoutGold));
  });

  it("shuffles the captions reproducibly", async () => {
    const texts = async () =>
      (await all(DATASETS.richpedia.captions(richpedia, "train"))).map(({ text }) => text);
    const order = await texts();
    const published = Object.values(json(join(richpedia, "train.json")))
      .filter(({ mentions }) => String(mentions).trim() !== "")
      .map(({ sentence }) => sentence);
    expect(order.filter((text, index) => text === published[index]).length).toBeLessThan(20);
    expect(await texts()).toEqual(order);
  });

  it("rejects an unknown split and names the existing ones", async () => {
    await expect(all(DATASETS.richpedia.captions(richpedia, "test"))).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("expected train"),
    });
  });
});

describe.each([
  ["wikimel", wikimel, "qid2abs.json", 18_880, "Nick name"],
  ["richpedia", richpedia, "qid2abs_long.json", 17_805, "Nickname"],
] as const)("the entities of %s", (name, folder, file, count, nickname) => {
  it.skipIf(!existsSync(folder))(
    `are read completely, and their property texts can be reconstructed (needs ../shared/data/${name})`,
    async () => {
      const entities = await all(DATASETS[name].entities(folder));
      const published = json<Record<string, string>>(join(folder, file));
      const labels = json<Record<string, string>>(join(folder, "qid2ne.json"));
      expect(entities).toHaveLength(count);
      expect(entities.every(({ id, label }) => labels[id] === label)).toBe(true);
      const same = entities.filter(
        ({ id, properties }) => textOf(properties, nickname) === normalised(published[id]!),
      );
      expect(same.length / count).toBeGreaterThan(0.999);
    },
  );
});

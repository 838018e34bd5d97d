import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { captionToWire, entityToWire, type WireCaption } from "../../../src/formats/index.js";
import { mmel, records, scratch, writeRecords } from "../../cli/harness.js";
import { WIKIMEL } from "../../encoders/model-folders.js";
import { tinyJson } from "../../training/mmel/workshop.js";
import { newsCaptions, people } from "./people.js";

const path = scratch();
const SPLITS = ["train", "dev", "test"] as const;

/** Trains and evaluates a model on the data set. */
async function trainAndEvaluate(made: string, config: object): Promise<Record<string, unknown>> {
  const kb = `${made}-kb`;
  expect((await mmel(["kb", "import", join(made, "kb.jsonl"), "--kb", kb])).code).toBe(0);
  const splits = { kb, train: [join(made, "train.jsonl")], dev: join(made, "dev.jsonl") };
  await writeFile(`${made}.json`, JSON.stringify({ ...tinyJson(kb), ...config, ...splits }));
  const trained = await mmel(["train", "--config", `${made}.json`, "--output", `${made}-run`, "--json"]);
  expect({ code: trained.code, stderr: trained.stderr }).toEqual({ code: 0, stderr: expect.any(String) });
  expect(JSON.parse(trained.stdout)).toMatchObject({ rejected: 0 });
  const evaluated = await mmel([
    "evaluate",
    join(made, "test.jsonl"),
    "--kb",
    kb,
    "--model",
    "lexical",
    "--json",
  ]);
  expect(evaluated.code).toBe(0);
  return JSON.parse(evaluated.stdout);
}

describe("mmel dataset build newsmel", () => {
  const folder = path("photos");
  beforeAll(async () => {
    await mkdir(join(folder, "images", "1955"), { recursive: true });
    await writeRecords(path("people.jsonl"), people().map(entityToWire));
    expect((await mmel(["kb", "import", path("people.jsonl"), "--kb", path("people")])).code).toBe(0);
    const captions = newsCaptions(80).map((item) => captionToWire(item));
    await writeRecords(
      join(folder, "news.jsonl"),
      captions.map((item, index) => ({ ...item, image: `1955/${index}.jpg` })),
    );
    for (let index = 0; index < 40; index++)
      await writeFile(join(folder, "images", "1955", `${index}.jpg`), `picture ${index}`);
    await writeFile(join(folder, "images", "theatre.jpg"), "another picture");
    await writeFile(
      join(folder, "images", "theatre.txt"),
      "Clara Dunham and Boris Bergmann\nleave the theatre.\n",
    );
  });

  it("builds a data set from caption files and picture texts that can be used for training and evaluation", async () => {
    const made = path("made");
    const { code, stdout, stderr } = await mmel([
      "dataset",
      "build",
      "newsmel",
      folder,
      "--kb",
      path("people"),
      "--output",
      made,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^newsmel-2, seed 1: wrote 81 of 81 captions with \d+ mentions to /);
    const captions = (
      await Promise.all(SPLITS.map((split) => records<WireCaption>(join(made, `${split}.jsonl`))))
    ).flat();
    const theatre = captions.find(({ id }) => id === "images/theatre");
    expect(theatre?.mentions?.map(({ gold }) => gold)).toEqual(["P27", "P13"]);
    expect(await readFile(join(made, "images", theatre?.image ?? ""), "utf8")).toBe("another picture");
    expect(captions.filter(({ image }) => image !== undefined)).toHaveLength(41);
    expect(await trainAndEvaluate(made, {})).toMatchObject({ goldNotInKb: 0 });
  }, 120_000);

  it("reports bad captions and continues; rejects folders without captions and pictures outside the folder", async () => {
    const bad = path("bad");
    await mkdir(bad);
    await writeFile(path("secret.jpg"), "secret");
    const text = "Clara Dunham in Oslo";
    await writeRecords(join(bad, "a.jsonl"), [
      { id: "1", text },
      "{",
      { id: "2", text, image: "../secret.jpg" },
    ]);
    await writeRecords(join(bad, "b.jsonl"), [{ id: "1", text }]);
    await writeFile(join(bad, "c.txt"), Buffer.from([0x43, 0xff, 0xfe]));
    let outputs = 0;
    const build = (from: string, ...more: string[]) =>
      mmel([
        "dataset",
        "build",
        "newsmel",
        from,
        "--kb",
        path("people"),
        "--output",
        path(`from-bad-${++outputs}`),
        ...more,
      ]);
    const { code, stderr, stdout } = await build(bad);
    expect(code).toBe(1);
    expect(stderr).toMatch(/FORMAT.*a.jsonl, line 2/);
    expect(stderr).toMatch(/CAPTION_INVALID.*is outside the images folder/);
    expect(stderr).toMatch(/DUPLICATE_ID: caption id "1" is repeated/);
    expect(stderr).toMatch(/ENCODING: the text is not UTF-8.*c.txt/);
    expect(stdout).toMatch(/ 1 of 1 caption /);
    await mkdir(path("empty"));
    expect(await build(path("empty"))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/FORMAT: the folder contains no captions/),
    });
    expect(await build(path("nowhere"))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/FILE_NOT_FOUND/),
    });
    expect(await build(bad, "--split-by", "luck")).toMatchObject({ code: 2 });
  });
});

describe.skipIf(!existsSync(WIKIMEL))(
  "newsmel from the dev captions of Wikidata-MEL (needs ../shared/data)",
  () => {
    it("agrees with the published answers and can be used for training and evaluation", async () => {
      const input = path("dev.jsonl");
      await mmel(["kb", "import", WIKIMEL, "--format", "wikimel", "--kb", path("wikimel")]);
      await mmel(["dataset", "convert", WIKIMEL, "--format", "wikimel", "--split", "dev", "--output", input]);
      const made = path("wikimel-made");
      const { code, stdout } = await mmel([
        "dataset",
        "build",
        "newsmel",
        input,
        "--kb",
        path("wikimel"),
        "--output",
        made,
        "--json",
      ]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout).figures.samples).toBeGreaterThan(900);
      const published = new Map((await records<WireCaption>(input)).map((item) => [item.id, item]));
      let [agree, differ] = [0, 0];
      for (const split of SPLITS)
        for (const { id, mentions = [] } of await records<WireCaption>(join(made, `${split}.jsonl`)))
          for (const { text, gold } of mentions)
            for (const theirs of published.get(id)?.mentions ?? [])
              if (theirs.gold === gold) agree += 1;
              else if (theirs.text === text) differ += 1;
      expect(agree).toBeGreaterThan(900);
      expect(differ).toBeLessThan(agree / 50);
      const { mentions, goldNotInKb } = await trainAndEvaluate(made, { sample: 30 });
      expect(mentions).toBeGreaterThan(150);
      expect(goldNotInKb).toBe(0);
    }, 240_000);
  },
);

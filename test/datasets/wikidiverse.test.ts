import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.js";
import { DATASETS } from "../../src/datasets/index.js";
import { all } from "../formats/files.js";

const { captions, entities } = DATASETS.wikidiverse;
const WIKI = "https://en.wikipedia.org/wiki/";

function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), "mmel-wikidiverse-"));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return folder;
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

describe("captions of WikiDiverse", () => {
  it("locates every mention that Python's offsets enclose, whatever characters come before", async () => {
    const random = createRandom("wikidiverse");
    const pieces = ["Ada", "🎩", "é", " ", "Bob", "漢", "👩‍🚀", "x "];
    const starts: string[] = [];
    const samples = Array.from({ length: 50 }, () => {
      const before = Array.from({ length: random.below(8) }, () => pieces[random.below(8)]!).join("");
      starts.push(before);
      const start = [...before].length;
      return [`${before}Clara after`, "", "", [["Clara", "Person", start, start + 5, `${WIKI}Clara`]]];
    });
    const read = await all(captions(folderOf({ "train.json": samples }), "train"));
    expect(read.map(({ mentions }) => mentions[0]!.span)).toEqual(
      starts.map(({ length }) => ({ start: length, end: length + 5 })),
    );
  });

  it("reads text, picture, types and gold entities", async () => {
    const image = "https://upload.example.org/0/06/Regatta_at_Kiel.JPG";
    const annotations = [
      ["Kiel", "Location", 11, 15, `${WIKI}kiel`],
      ["Nordwind", "Other", 17, 25, "nil"],
    ];
    const folder = folderOf({ "valid.json": [["Regatta in Kiel: Nordwind", image, "sports", annotations]] });
    expect(await all(captions(folder, "dev"))).toEqual([
      {
        id: "wikidiverse-dev-000001",
        text: "Regatta in Kiel: Nordwind",
        image: `${md5("Regatta_at_Kiel.JPG")}.JPG`,
        mentions: [
          {
            text: "Kiel",
            type: "Location",
            span: { start: 11, end: 15 },
            gold: { kind: "entity", id: "Kiel" },
          },
          { text: "Nordwind", type: "Other", span: { start: 17, end: 25 }, gold: { kind: "nil" } },
        ],
      },
    ]);
  });

  it("finds a mention whose offsets are wrong, and gives none to a mention that is not in the text", async () => {
    const annotations = [
      ["Ada", "Person", 0, 3, `${WIKI}Ada`],
      ["Ada", "Person", 1, 4, `${WIKI}Ada_Two`],
      ["Bob", "Person", 90, 93, `${WIKI}Bob`],
    ];
    const folder = folderOf({ "train.json": [["Ada and Ada", "", "", annotations]] });
    const [read] = await all(captions(folder, "train"));
    expect(read!.mentions.map(({ span }) => span)).toEqual([
      { start: 0, end: 3 },
      { start: 8, end: 11 },
      undefined,
    ]);
    expect(read).not.toHaveProperty("image");
  });

  it("gives drawings the ending of the published PNG", async () => {
    const folder = folderOf({
      "train.json": [
        ["x", "https://e.org/Map.svg", "", []],
        ["x", "https://e.org/a.gif", "", []],
      ],
    });
    const images = (await all(captions(folder, "train"))).map(({ image }) => image);
    expect(images).toEqual([`${md5("Map.svg")}.png`, `${md5("a.gif")}a.gif`]);
  });

  it("leaves out and reports a gold annotation that is not a page", async () => {
    const folder = folderOf({ "train.json": [["Ada", "", "", [["Ada", "", 0, 3, "unknown"]]]] });
    const skipped: string[] = [];
    const [read] = await all(captions(folder, "train", (reason) => skipped.push(reason)));
    expect(read!.mentions).toEqual([{ text: "Ada", span: { start: 0, end: 3 } }]);
    expect(skipped).toEqual(["gold annotations that are not Wikipedia pages"]);
  });

  it("names the splits that exist", async () => {
    await expect(
      all(captions(folderOf({ "train.json": [], "valid.json": [] }), "test")),
    ).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(/train or dev/),
    });
  });
});

describe("entities of WikiDiverse", () => {
  it("have the ids of the gold entities, whether a page is written as its name or its address", async () => {
    const written = ["Ada (poet)", "ada_(poet)", `${WIKI}Ada_%28poet%29`, " Ada  (poet) "];
    for (const page of written) {
      const folder = folderOf({
        "wiki_entity2desc_filtered.tsv": `${page}@@@@Wrote @@@@ verse.\n\n`,
        "train.json": [["Ada", "", "", [["Ada", "Person", 0, 3, `n${WIKI}Ada_(poet)`]]]],
      });
      const [entity] = await all(entities(folder));
      const [caption] = await all(captions(folder, "train"));
      expect(caption!.mentions[0]!.gold).toEqual({ kind: "entity", id: entity!.id });
      expect(entity).toEqual({
        ...{ id: "Ada_(poet)", label: "Ada (poet)", aliases: [], description: "Wrote @@@@ verse." },
        ...{ properties: {}, images: [], url: `${WIKI}Ada_(poet)` },
      });
    }
  });

  it("reports the line without a separator, and a folder without descriptions", async () => {
    await expect(all(entities(folderOf({ "entity2desc.tsv": "Ada@@@@poet\nBob\n" })))).rejects.toMatchObject({
      code: "FORMAT",
      message: expect.stringContaining("line 2"),
    });
    await expect(all(entities(folderOf({})))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });
});

import { writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import type { WireLinks } from "../../src/formats/index.js";
import { lines, mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();
const kb = path("kb");

/** Four entities of the same name: two of unknown kind for mmel, of which the mapping knows one. */
const ENTITIES = [
  { id: "person", label: "Yarrow", properties: { occupation: ["painter"] } },
  { id: "town", label: "Yarrow", properties: { type: ["Kreisfreie Kommune"] } },
  { id: "choir", label: "Yarrow", properties: { type: ["choir"] } },
  { id: "plant", label: "Yarrow", description: "species of plant" },
];
const caption = (id: string, type: string | undefined, gold: string | null, language?: string) => ({
  id,
  text: "Yarrow in spring",
  ...(language !== undefined && { language }),
  mentions: [{ text: "Yarrow", start: 0, end: 6, ...(type !== undefined && { type }), gold }],
});

beforeAll(async () => {
  const entities = await writeRecords(path("entities.jsonl"), ENTITIES);
  await writeFile(path("types.json"), JSON.stringify({ types: { "kreisfreie kommune": "place" } }));
  const args = ["kb", "import", entities, "--mapping", path("types.json"), "--kb", kb];
  expect((await mmel(args)).stderr).toBe("");
});

const linked = async (file: string, ...args: string[]): Promise<WireLinks[]> => {
  const { stdout } = await mmel(["link", file, "--kb", kb, "--model", "lexical", ...args]);
  return lines(stdout).map((line) => JSON.parse(line));
};
const candidatesOf = (links: WireLinks): string[] => links.mentions[0]!.candidates.map(({ id }) => id).sort();

describe("types of mentions", () => {
  it("remove other candidates with --strict-types, and appear in the links", async () => {
    const types = ["PER", "place", "Kreisfreie Kommune", "ORG", "river", "MISC", undefined];
    const file = await writeRecords(
      path("typed.jsonl"),
      types.map((type, index) => caption(`${index}`, type, null)),
    );
    const links = await linked(file, "--strict-types");
    expect(links.map(({ mentions }) => mentions[0]!.type)).toEqual(types);
    expect(links.map(candidatesOf)).toEqual([
      ["person", "plant"],
      ["plant", "town"],
      ["plant", "town"],
      ["choir", "plant"],
      ["plant"],
      ["choir", "person", "plant", "town"],
      ["choir", "person", "plant", "town"],
    ]);
    for (const { mentions } of await linked(file)) expect(mentions[0]!.candidates).toHaveLength(4);
  });

  it("are read from CSV", async () => {
    await writeFile(path("typed.csv"), "id,text,mention,type\n1,Yarrow,Yarrow,ORG\n2,Yarrow,Yarrow,\n");
    const links = await linked(path("typed.csv"), "--strict-types");
    expect(links.map(({ mentions }) => mentions[0]!.type)).toEqual(["ORG", undefined]);
    expect(candidatesOf(links[0]!)).toEqual(["choir", "plant"]);
  });

  it("reject a caption if they are invalid", async () => {
    const file = await writeRecords(path("bad.jsonl"), [
      caption("1", "", null),
      caption("2", "x".repeat(101), null),
    ]);
    const { code, stdout, stderr } = await mmel(["link", file, "--kb", kb, "--model", "lexical"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/CAPTION_INVALID: mentions\[0\]\.type: is empty, bad\.jsonl, line 1/);
    expect(stderr).toMatch(
      /mentions\[0\]\.type: has 101 characters; a type can have at most 100, bad\.jsonl, line 2/,
    );
  });

  it("separate the figures of evaluate, as do languages", async () => {
    const file = await writeRecords(path("gold.jsonl"), [
      caption("1", "PER", "person", "de"),
      caption("2", "ORG", "choir", "de"),
      caption("3", undefined, "town", "fr"),
    ]);
    const args = ["evaluate", file, "--kb", kb, "--model", "lexical", "--strict-types"];
    const { byType, byLanguage } = JSON.parse((await mmel([...args, "--json"])).stdout);
    expect(byType).toMatchObject({ PER: { mentions: 1 }, ORG: { mentions: 1 } });
    expect(byLanguage).toMatchObject({ de: { mentions: 2 }, fr: { mentions: 1 } });
    const { stdout } = await mmel(args);
    for (const name of ["type PER", "type ORG", "language de", "language fr"]) expect(stdout).toContain(name);
  });
});

describe("labels by language", () => {
  it("are imported from JSON Lines in the languages of --languages", async () => {
    const file = await writeRecords(path("towns.jsonl"), [
      {
        id: "1",
        labels: { en: "Copperton", de: "Kupferstadt", fr: "Cuivreville" },
        descriptions: { en: "town in the north", de: "Stadt im Norden" },
      },
    ]);
    const target = path("towns");
    const args = ["kb", "import", file, "--kb", target, "--languages", "de,en"];
    expect((await mmel(args)).code).toBe(0);
    const { stdout } = await mmel(["kb", "export", "--kb", target]);
    expect(JSON.parse(stdout)).toEqual({
      id: "1",
      label: "Kupferstadt",
      aliases: ["Copperton"],
      description: "Stadt im Norden",
      properties: { "description.en": ["town in the north"] },
    });
  });
});

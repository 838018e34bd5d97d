import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Entity } from "../../src/core/index.js";
import {
  type EntityMapping,
  entityLines,
  parseMapping,
  readEntities,
  readMapping,
} from "../../src/formats/index.js";
import { entityArbitrary } from "./arbitraries.js";

async function read(text: string, mapping: EntityMapping) {
  const entities: Entity[] = [];
  const rejected: string[] = [];
  const source = Readable.from([Buffer.from(text)]);
  for await (const result of readEntities(source, { format: "csv", mapping })) {
    if (result.kind === "record") entities.push(result.value);
    else rejected.push(result.error.message);
  }
  return { entities, rejected };
}

async function write(entities: readonly Entity[], mapping: EntityMapping): Promise<string> {
  let text = "";
  for await (const line of entityLines(entities, { format: "csv", mapping })) text += line;
  return text;
}

const MUSEUM = parseMapping({
  delimiter: ";",
  columns: {
    "Inv. no": "id",
    Name: "label",
    Also: { field: "aliases", separator: "," },
    "Also 2": { field: "aliases", separator: "/" },
    Born: "properties.birth",
    Trade: { field: "properties.occupation", separator: "|" },
    Note: "description",
    Fame: "popularity",
  },
  constants: {
    "properties.source": "Museum",
    "properties.occupation": ["artist"],
    url: "https://museum.example",
  },
});

describe("CSV with a mapping", () => {
  it("reads the mapped columns, splits lists and adds constants", async () => {
    const csv = `Inv. no;Name;Unused;Also;Also 2;Born;Trade;Note;Fame\n7;"Dürer; A.";x;Albrecht , ;A/B;1471, Nuremberg;painter|artist;;12\n8;;;;;;;;\n9;Ann;;;;;;;many\n10;Bo;;;;;;;`;
    const { entities, rejected } = await read(csv, MUSEUM);
    const constants = { source: ["Museum"] };
    expect(entities).toEqual([
      {
        id: "7",
        label: "Dürer; A.",
        aliases: ["Albrecht", "A", "B"],
        properties: { birth: ["1471, Nuremberg"], occupation: ["painter", "artist"], ...constants },
        images: [],
        popularity: 12,
        url: "https://museum.example",
      },
      expect.objectContaining({ id: "10", properties: { occupation: ["artist"], ...constants } }),
    ]);
    expect(rejected).toEqual([
      expect.stringMatching(/Name is empty.*line 3/),
      expect.stringMatching(/popularity.*line 4/),
    ]);
  });

  it("reads back what it writes, or rejects what it cannot write", async () => {
    const mapping = parseMapping({
      delimiter: "|",
      columns: {
        one: "id",
        two: "label",
        three: { field: "aliases", separator: "; " },
        four: "description",
        five: { field: "properties.occupation", separator: "\n" },
        six: "popularity",
        seven: { field: "images", separator: "," },
        eight: "url",
      },
    });
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(entityArbitrary, async ({ properties, ...rest }) => {
        const { occupation } = properties;
        const entity = { ...rest, properties: occupation === undefined ? {} : { occupation } };
        const text = await write([entity], mapping).catch((error) => error);
        if (typeof text !== "string") {
          expect(text).toMatchObject({ code: "ENTITY_INVALID", message: expect.stringContaining("column") });
          return;
        }
        kept++;
        expect(await read(text, mapping)).toEqual({ entities: [entity], rejected: [] });
      }),
      { numRuns: 300 },
    );
    expect(kept).toBeGreaterThan(50);
  });

  it("writes a file without constants, and adds them on reading", async () => {
    const csv = `Inv. no;Name;Also;Also 2;Born;Trade;Note;Fame\n7;Dürer;"A,B";;1471;painter;;\n`;
    const first = await read(csv, MUSEUM);
    const again = await write(first.entities, MUSEUM);
    expect(again).toBe(csv);
    expect(await read(again, MUSEUM)).toEqual(first);
  });

  it("adds the kinds to which types are mapped, in CSV and JSON Lines", async () => {
    const types = { Gemeinde: "place", "Maison d’édition": "organisation" };
    const columns = { Id: "id", Name: "label", Art: "properties.type" };
    const mapping = parseMapping({ columns, types });
    const csv = "Id,Name,Art\n1,Ulm,GEMEINDE\n2,Holm,maison d'edition\n3,Ida,Malerin\n";
    const { entities } = await read(csv, mapping);
    expect(entities.map(({ properties }) => properties.kind)).toEqual([
      ["place"],
      ["organisation"],
      undefined,
    ]);
    const again = await write(entities, mapping);
    expect((await read(again, mapping)).entities).toEqual(entities);
    const lines = entities.map(({ id, label, properties: { type } }) =>
      JSON.stringify({ id, label, properties: { type } }),
    );
    const source = Readable.from([Buffer.from(lines.join("\n"))]);
    const found: Entity[] = [];
    for await (const result of readEntities(source, { mapping: parseMapping({ types }) }))
      if (result.kind === "record") found.push(result.value);
    expect(found).toEqual(entities);
  });

  it("rejects a file without a mapped column", async () => {
    await expect(read("Inv. no;Name\n1;A\n", MUSEUM)).rejects.toMatchObject({
      code: "FORMAT",
      message: expect.stringContaining("Trade"),
    });
    await expect(read(`${Object.keys(MUSEUM.columns).join(",")}\n`, MUSEUM)).rejects.toMatchObject({
      code: "FORMAT",
    });
  });
});

describe("readMapping", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mmel-mapping-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const columns = { a: "id", b: "label" };

  it.each<[string, unknown, RegExp]>([
    ["an unknown field", { columns: { ...columns, c: "colour" } }, /columns\.c: must be a field such as/],
    ["no columns", {}, /the mapping has no columns/],
    [
      "constants without columns",
      { types: { a: "place" }, constants: { url: "x" } },
      /the mapping has no columns/,
    ],
    ["an unknown kind", { types: { a: "thing" } }, /types\.a: must be person, organisation, place or work/],
    ["no id", { columns: { b: "label" } }, /no column maps to id/],
    ["no label", { columns: { a: "id" } }, /no column maps to label/],
    ["two ids", { columns: { ...columns, c: "id" } }, /columns a and c map to id/],
    [
      "a separator for a single value",
      { columns: { a: { field: "id", separator: "," }, b: "label" } },
      /column a has a separator/,
    ],
    ["an empty separator", { columns: { ...columns, c: { field: "aliases", separator: "" } } }, /columns\.c/],
    ["a long delimiter", { delimiter: "::", columns }, /delimiter: must be one character/],
    ["a quote as delimiter", { delimiter: '"', columns }, /delimiter/],
    ["an unknown key", { colums: columns, columns }, /colums/],
    [
      "a constant that is a column",
      { columns, constants: { label: "x" } },
      /both in "columns" and in "constants"/,
    ],
    ["a constant for an unknown field", { columns, constants: { colour: "x" } }, /constants/],
    [
      "a list for a single value",
      { columns, constants: { url: ["a", "b"] } },
      /the constant for url is a list/,
    ],
    ["an array", [1], /expected object/i],
  ])("rejects %s", async (_, mapping, message) => {
    const file = join(folder, "mapping.json");
    await writeFile(file, JSON.stringify(mapping));
    const error = await readMapping(file).catch((caught) => caught);
    expect(error).toMatchObject({ code: "CONFIG", message: expect.stringMatching(message) });
    expect(error.message).toContain(file);
  });

  it("rejects a missing file and a file that is not JSON", async () => {
    await writeFile(join(folder, "broken.json"), "{");
    await expect(readMapping(join(folder, "broken.json"))).rejects.toMatchObject({ code: "CONFIG" });
    await expect(readMapping(join(folder, "none.json"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });
});

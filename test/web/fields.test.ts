import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EntityMapping, previewTable, readEntities } from "../../src/formats/index.js";
import type { TablePreview } from "../../web/src/catalogue/client.js";
import {
  blockers,
  type Column,
  captionIdNotes,
  mappingOf,
  previewOf,
  titleOf,
} from "../../web/src/catalogue/fields.js";
import { CATALOGUE } from "./archive.js";

async function* source(bytes: Buffer) {
  yield bytes;
}

const preview = async (bytes: Buffer, as: "entities" | "captions" = "entities"): Promise<TablePreview> =>
  (await previewTable(source(bytes), { as, name: "t.csv" })) as TablePreview;

const quoted = (rows: readonly (readonly string[])[]): Buffer =>
  Buffer.from(rows.map((row) => row.map((cell) => `"${cell}"`).join(",")).join("\n"));

const HEADER = ["No", "Given name", "Family name", "Born", "Trade", "Also"];

const word = fc.constantFrom("Anna", "Falk", "Zoë", "X 1", "a|b", "c; d", "1900");
const row = fc.tuple(fc.nat(), word, word, word, word, word).map(([id, ...cells]) => [`n${id}`, ...cells]);
const table = fc.uniqueArray(row, { minLength: 1, maxLength: 5, selector: ([id]) => id });

/** A reviewer's choice of fields and separators. */
const choices = fc.array(
  fc.record({
    field: fc.constantFrom(null, "aliases", "description", "label", "properties.birth", "properties.x"),
    separator: fc.constantFrom(undefined, "|", ";"),
  }),
  { minLength: 5, maxLength: 5 },
);

describe("the preview of a table", () => {
  it("shows the entities that an import makes, whatever the reviewer chooses", async () => {
    await fc.assert(
      fc.asyncProperty(table, choices, async (rows, chosen) => {
        const bytes = quoted([HEADER, ...rows]);
        const found = await preview(bytes);
        const columns: Column[] = [
          found.columns[0]!,
          ...found.columns.slice(1).map(({ separator: _, ...column }, at): Column => {
            const { field, separator } = chosen[at]!;
            const isList = field === "aliases" || field?.startsWith("properties.");
            return { ...column, field, ...(isList && separator !== undefined && { separator }) };
          }),
        ];
        fc.pre(blockers("entities", columns).length === 0);
        const mapping = mappingOf(found, columns, "entities") as EntityMapping;
        const entities = [];
        for await (const read of readEntities(source(bytes), { format: "csv", mapping }))
          if (read.kind === "record") entities.push(read.value);
        const shown = found.rows.map((cells) => previewOf("entities", found, columns, cells));
        expect(shown.map(({ id, title }) => [id, title])).toEqual(
          entities.map(({ id, label }) => [id, label]),
        );
        expect(
          shown.map(({ facts }) => facts.find(({ name }) => name === "Other names")?.values ?? []),
        ).toEqual(entities.map(({ aliases }) => aliases));
      }),
      { numRuns: 60 },
    );
  });

  it("sends the guessed mapping back, and how the table was read, if the reviewer changes nothing", async () => {
    for (const bytes of [
      CATALOGUE.buffer,
      quoted([HEADER.slice(1), ["Anna", "Falk", "1900", "brewer", "A. Falk"]]),
    ]) {
      const found = await preview(bytes);
      const { mapping, headerRow, delimiter, sheet } = found;
      const read = { headerRow, ...(delimiter && { delimiter }), ...(sheet && { sheet }) };
      expect(mappingOf(found, found.columns, "entities")).toEqual({ ...mapping, ...read });
    }
  });

  it("says what hinders an import, in plain words", async () => {
    const { columns } = await preview(CATALOGUE.buffer);
    expect(blockers("entities", columns)).toEqual([]);
    expect(
      blockers(
        "entities",
        columns.map((column) => ({ ...column, field: "url" })),
      ),
    ).toEqual([
      "No column is set to Name. Choose Name for the column with the names.",
      "Several columns are set to Web address. Choose only one.",
    ]);
    const both = ["text", "mention", "mentions"].map((field) => ({ name: field, field, sample: [] }));
    expect(blockers("captions", both)).toHaveLength(1);
  });

  it("says what the ids of captions are in the page, unless a column contains them", async () => {
    const { columns, problems } = await preview(Buffer.from("Caption;Shelf\nAnna Vale;B 3\n"), "captions");
    expect(problems).toEqual([]);
    expect(captionIdNotes("May_fair.csv", columns)).toEqual([expect.stringContaining("such as May fair-2.")]);
    expect(captionIdNotes("May_fair.csv", [{ name: "Shelf", field: "id", sample: [] }])).toEqual([]);
  });

  it("names a catalogue after its file", () => {
    expect(["town_people 2024.csv", "a.b.jsonl.gz", "x"].map(titleOf)).toEqual([
      "town people 2024",
      "a.b",
      "x",
    ]);
  });
});

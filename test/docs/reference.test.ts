import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { commandReference } from "../../scripts/command-reference.js";
import { ERROR_CODES, MmelError } from "../../src/core/index.js";
import { CAPTION_FIELDS } from "../../src/formats/csv/caption-mapping.js";
import { entityColumns, LINK_COLUMNS } from "../../src/formats/csv/columns.js";
import { rejectLine } from "../../src/formats/record.js";
import { captionSchema, entitySchema, linksSchema } from "../../src/formats/wire.js";

/** The rows of the tables below a heading, each with the texts of its cells; a name is in backticks in the first cell. */
function rowsOf(page: string, heading: string): string[][] {
  const text = readFileSync(`docs/${page}`, "utf8");
  const [, section = ""] = text.split(`\n${heading}\n`);
  return section
    .split(/^#/m)[0]!
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").replaceAll("`", "")));
}

const fieldsOf = ({ shape }: z.ZodObject): string[][] =>
  Object.entries(shape).map(([name, type]) => [
    name,
    z.safeParse(type as z.ZodType, undefined).success ? "optional" : "required",
  ]);

function elementsOf(list: z.ZodType): z.ZodObject {
  const array = list instanceof z.ZodOptional ? list.unwrap() : list;
  return (array as z.ZodArray).element as z.ZodObject;
}

const links = elementsOf(linksSchema.shape.mentions);

describe("docs/formats.md lists every field, and no other", () => {
  it.each([
    ["## Captions", captionSchema],
    ["### Mentions of a caption", elementsOf(captionSchema.shape.mentions)],
    ["## Entities", entitySchema],
    ["## Links", linksSchema],
    ["### Mentions of links", links],
    ["### Candidates", elementsOf(links.shape.candidates as z.ZodType)],
  ] as const)("%s", (heading, schema) => {
    expect(rowsOf("formats.md", heading).map(([name, need]) => [name, need])).toEqual(fieldsOf(schema));
  });

  it("## Rejected records", () => {
    const error = new MmelError("FORMAT", { what: "x" });
    const line = JSON.parse(rejectLine({ kind: "rejected", line: 1, id: "x", error, excerpt: "" }));
    expect(rowsOf("formats.md", "## Rejected records").map(([name]) => name)).toEqual(Object.keys(line));
  });

  it.each([
    ["### Captions as a table", [...CAPTION_FIELDS]],
    ["### Entities as a table", entityColumns(["NAME"])],
    ["### Links as a table", LINK_COLUMNS],
  ])("%s", (heading, columns) => {
    expect(rowsOf("formats.md", heading).map(([name]) => name)).toEqual(columns);
  });
});

it("docs/commands.md is what the commands print", () => {
  expect(readFileSync("docs/commands.md", "utf8")).toBe(commandReference());
});

it("docs/errors.md explains every error code, and no other", () => {
  const page = readFileSync("docs/errors.md", "utf8");
  const headings = [...page.matchAll(/^## .*/gm)].map(([heading]) => heading);
  const rows = headings.flatMap((heading) => rowsOf("errors.md", heading));
  expect(rows.map(([code]) => code).sort()).toEqual([...ERROR_CODES].sort());
  expect(rows.filter((cells) => cells.length !== 3 || cells.includes(""))).toEqual([]);
});

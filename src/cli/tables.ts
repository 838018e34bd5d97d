import { MmelError } from "../core/index.js";
import type { CaptionMapping, EntityMapping, MappingInUse } from "../formats/index.js";
import { type Context, note, noteTable, print } from "./context.js";
import { table } from "./table.js";

/** Returns a function that writes a guessed mapping to stderr, unless it was the last one to be written. */
export function mappingNotes<Mapping extends EntityMapping | CaptionMapping>(
  context: Context,
  as: "entities" | "captions",
): (use: MappingInUse<Mapping>) => void {
  let last = "";
  return ({ mapping, header, headerRow, guessed, file }) => {
    const lines = JSON.stringify([mapping, header, headerRow]);
    if (lines === last) return;
    last = lines;
    if (headerRow > 1 && mapping.headerRow === undefined)
      note(
        context,
        `row ${headerRow} of ${file} names the columns, and the rows above it are left out; to change this, add "headerRow" to the mapping`,
      );
    if (guessed.length > 0) {
      note(context, `the columns of ${file} are read as:`);
      noteTable(
        context,
        table(
          ["column", "field", ""],
          header.map((column) => [column, ...targetOf(mapping.columns[column])]),
        ),
      );
      note(context, HOW_TO_CHANGE[as]);
    }
    if ("makeIds" in mapping && mapping.makeIds !== undefined && guessed.length > 0)
      note(context, `${file} has no column of ids, so ids are made from ${mapping.makeIds.join(" and ")}`);
    const fields = Object.values(mapping.columns).map(({ field }) => field);
    if (as === "captions" && !fields.includes("id"))
      note(context, `${file} has no column of ids, so the ids of captions are the numbers of their rows`);
  };
}

const HOW_TO_CHANGE = {
  entities:
    "to change this, write it to a file with `--print-mapping > mapping.json`, edit the file, and add `--mapping mapping.json`",
  captions:
    'to change this, write the columns to a file, such as {"columns":{"Caption":"text","No":"id"}}, and add `--mapping FILE`',
} as const;

function targetOf(target: EntityMapping["columns"][string] | undefined): [string, string] {
  if (target === undefined) return ["(left out)", ""];
  const { field, separator } = target;
  return [field, separator === undefined ? "" : `several values, divided by ${JSON.stringify(separator)}`];
}

/**
 * Prints the mapping of a table of entities as JSON: the given or the guessed one. Notes its problems on stderr. Throws
 * the errors of `previewTable`, and `FORMAT` if the table is empty.
 */
export async function printMapping(context: Context, file: string, mapping: unknown): Promise<void> {
  const { previewTable } = await import("../formats/index.js");
  const preview = await previewTable(file, {
    as: "entities",
    signal: context.signal,
    ...(mapping !== undefined && { mapping }),
  });
  if (preview.columns.length === 0)
    throw new MmelError("FORMAT", { what: "the table is empty", where: file, expected: "a header and rows" });
  const columns = Object.entries(preview.mapping.columns).map(([column, { field, separator }]) => [
    column,
    separator === undefined ? field : { field, separator },
  ]);
  await print(
    context,
    `${JSON.stringify({ ...preview.mapping, columns: Object.fromEntries(columns) }, undefined, 2)}\n`,
  );
  for (const problem of preview.problems) note(context, problem);
  if (preview.problems.length > 0)
    note(context, "in a mapping, Id is `id`, and Name is `label`; captions are linked with `mmel link`");
}

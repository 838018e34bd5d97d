import { type Command, Option } from "commander";
import { type Caption, MmelError, type OffsetUnit } from "../core/index.js";
import {
  type CaptionMapping,
  type EntityMapping,
  type FileFormat,
  type MappingInUse,
  type Read,
  readCaptionMapping,
  readCaptions,
  type Source,
} from "../formats/index.js";
import { type Context, note, noteTable, print } from "./context.js";
import { type InputOptions, nameOf, openInput, refuseOverwriting, sourceOf, valuesOf } from "./input.js";
import { table } from "./table.js";

/** Options of commands that read captions. */
export interface CaptionFlags {
  readonly offsets: OffsetUnit;
  readonly inputFormat?: FileFormat;
  readonly mapping?: string;
}

/** Adds the options with which captions are read from tables. */
export function withTableOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--input-format <format>",
        "format of the captions; csv: any table (default: csv for .csv, .tsv and .xlsx, otherwise jsonl)",
      ).choices(["jsonl", "csv"]),
    )
    .option(
      "--mapping <file>",
      "a JSON file that maps the columns of a table to the fields of captions (default: guessed; see docs/catalogues.md)",
    );
}

/**
 * Returns a function that reads the captions of a source. Notes the guessed columns of the first table on stderr. Throws
 * the errors of `readCaptionMapping`.
 */
export async function captionReader(
  context: Context,
  { offsets, inputFormat, mapping: file }: CaptionFlags,
): Promise<(source: Source) => AsyncIterable<Read<Caption>>> {
  const mapping = file === undefined ? undefined : await readCaptionMapping(file);
  const format = inputFormat ?? (mapping === undefined ? undefined : "csv");
  const onMapping = mappingNotes<CaptionMapping>(context, "captions");
  return (source) =>
    readCaptions(source, {
      offsets,
      signal: context.signal,
      onWarning: (warning) => note(context, warning),
      onMapping,
      ...(format !== undefined && { format }),
      ...(mapping !== undefined && { mapping }),
    });
}

/** The captions of a file or of standard input. Its disposal reports how many records were rejected. */
export interface OpenedCaptions extends AsyncDisposable {
  readonly source: Source;
  readonly captions: AsyncIterable<Caption>;
}

/**
 * Opens the captions of a file or, if none was given, of standard input. Rejected records are handled according to
 * `--on-error` and `--rejects`. `outputs` are the other files that the command writes, by option. Throws `USAGE` if
 * there is no input, or if an output would overwrite it, and the errors of `captionReader`.
 */
export async function openCaptions(
  context: Context,
  file: string | undefined,
  options: CaptionFlags & InputOptions,
  outputs: Readonly<Record<string, string | undefined>> = {},
): Promise<OpenedCaptions> {
  const source = sourceOf(file);
  await refuseOverwriting([source], { ...outputs, "--rejects": options.rejects });
  const read = await captionReader(context, options);
  const input = await openInput(context, options);
  return {
    source,
    captions: valuesOf(input.accept(read(source), nameOf(source))),
    [Symbol.asyncDispose]: () => input[Symbol.asyncDispose](),
  };
}

/** Returns a function that writes a guessed mapping to stderr, unless it was the last one to be written. */
export function mappingNotes<Mapping extends EntityMapping | CaptionMapping>(
  context: Context,
  as: "entities" | "captions",
): (use: MappingInUse<Mapping>) => void {
  let last = "";
  return ({ mapping, header, guessed, file }) => {
    const lines = JSON.stringify([mapping, header]);
    if (lines === last) return;
    last = lines;
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

import { type Command, Option } from "commander";
import { type Caption, MmelError, type OffsetUnit } from "../core/index.js";
import type { CaptionMapping, Source } from "../formats/index.js";
import { type CaptionFileFormat, captionFormatOf, type Read, uncompressedName } from "../formats/record.js";
import { type Context, note } from "./context.js";
import { type InputOptions, nameOf, openInput, refuseOverwriting, sourceOf, valuesOf } from "./input.js";
import { iriPrefix, offsetsOption, onErrorOption, rejectsOption } from "./options.js";
import { mappingNotes } from "./tables.js";

/** Options of commands that read captions. */
export interface CaptionFlags extends InputOptions {
  readonly offsets: OffsetUnit;
  readonly inputFormat?: CaptionFileFormat;
  readonly mapping?: string;
  readonly entityBase?: string;
}

/** Adds the options with which captions are read. */
export function withCaptionOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--input-format <format>",
        "format of the captions; csv: any table; nif: NIF 2.0 in Turtle or N-Triples (default: csv for .csv, .tsv and .xlsx, nif for .ttl, .nt and .nif, otherwise jsonl)",
      ).choices(["jsonl", "csv", "nif"]),
    )
    .option(
      "--mapping <file>",
      "a JSON file that maps the columns of a table to the fields of captions (default: guessed; see docs/catalogues.md)",
    )
    .addOption(
      new Option(
        "--entity-base <iri>",
        "for NIF: the IRI prefix of entities whose ids are neither IRIs nor of Wikidata (default: urn:mmel:)",
      ).argParser(iriPrefix),
    )
    .addOption(offsetsOption())
    .addOption(onErrorOption())
    .addOption(rejectsOption());
}

/** Reads captions as the options of a command say. */
export interface CaptionReader {
  read(source: Source): AsyncIterable<Read<Caption>>;
  formatOf(source: Source): CaptionFileFormat;
  /** The mapping of tables. Undefined if their columns are guessed. */
  readonly mapping: CaptionMapping | undefined;
}

/**
 * Returns a reader for `sources`. It notes the guessed columns of the first table on stderr. With a mapping, a source is
 * a table unless its name says that it contains JSON Lines or NIF. Throws `USAGE` if a mapping is given but no source is a
 * table, and the errors of `readCaptionMapping`.
 */
export async function captionReader(
  context: Context,
  { offsets, inputFormat, mapping: file, entityBase }: CaptionFlags,
  sources: readonly Source[],
): Promise<CaptionReader> {
  const { readCaptionMapping, readCaptions } = await import("../formats/index.js");
  const mapping = file === undefined ? undefined : await readCaptionMapping(file);
  const formatOf = (source: Source): CaptionFileFormat => {
    if (inputFormat !== undefined) return inputFormat;
    const byName = captionFormatOf(source);
    return mapping === undefined || byName === "nif" || isJsonLines(source) ? byName : "csv";
  };
  if (mapping !== undefined && !sources.some((source) => formatOf(source) === "csv"))
    throw new MmelError("USAGE", {
      what: "a mapping is only for tables, and the captions are not in a table",
      where: "--mapping",
      hint: "Remove `--mapping`, or add `--input-format csv`.",
    });
  const onMapping = mappingNotes<CaptionMapping>(context, "captions");
  return {
    read: (source) =>
      readCaptions(source, {
        offsets,
        format: formatOf(source),
        signal: context.signal,
        onWarning: (warning) => note(context, warning),
        onMapping,
        ...(mapping !== undefined && { mapping }),
        ...(entityBase !== undefined && { entityBase }),
      }),
    formatOf,
    mapping,
  };
}

const isJsonLines = (source: Source): boolean =>
  typeof source === "string" && /\.(?:jsonl|ndjson|json)$/i.test(uncompressedName(source));

/** The captions of a file or of standard input. Its disposal reports how many records were rejected. */
export interface OpenedCaptions extends AsyncDisposable {
  readonly source: Source;
  readonly captions: AsyncIterable<Caption>;
  /** Reads the captions of one of the other files. */
  readOther(file: string): AsyncIterable<Caption>;
}

/** The other files of a command: captions that it also reads, and the files that it writes, by option. */
export interface OtherFiles {
  readonly inputs?: readonly string[];
  readonly outputs?: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens the captions of a file or, if none was given, of standard input. Rejected records are handled according to
 * `--on-error` and `--rejects`. Throws `USAGE` if there is no input, or if an output would overwrite an input, and the
 * errors of `captionReader`.
 */
export async function openCaptions(
  context: Context,
  file: string | undefined,
  options: CaptionFlags,
  { inputs = [], outputs = {} }: OtherFiles = {},
): Promise<OpenedCaptions> {
  const source = sourceOf(context, file);
  const sources = [source, ...inputs];
  await refuseOverwriting(sources, { ...outputs, "--rejects": options.rejects });
  const { read } = await captionReader(context, options, sources);
  const input = openInput(context, options);
  const accepted = (one: Source): AsyncIterable<Caption> => valuesOf(input.accept(read(one), nameOf(one)));
  return {
    source,
    captions: accepted(source),
    readOther: accepted,
    [Symbol.asyncDispose]: () => input[Symbol.asyncDispose](),
  };
}

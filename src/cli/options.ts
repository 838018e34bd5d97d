import { type Command, InvalidArgumentError, Option } from "commander";
import { isIri } from "../formats/rdf/iri.js";
import { withPictureOptions } from "./pictures.js";

/** Returns a parser for integers of at least `min`. */
export const integer =
  (min: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min) {
      throw new InvalidArgumentError(`a whole number of at least ${min}.`);
    }
    return value;
  };

/** Parses the number of a port; 0 means any free port. */
export function port(text: string): number {
  const value = integer(0)(text);
  if (value > 65_535) throw new InvalidArgumentError("a whole number from 0 to 65535.");
  return value;
}

/** Returns a parser for numbers of at least `min`. */
export const number =
  (min: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < min) {
      throw new InvalidArgumentError(`a number of at least ${min}.`);
    }
    return value;
  };

/** Parses the prefix of IRIs. */
export function iriPrefix(text: string): string {
  if (isIri(text)) return text;
  throw new InvalidArgumentError("an IRI such as http://example.org/id/.");
}

/** Parses a share above 0 and at most 1. */
function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError("a number above 0 and at most 1.");
  return value;
}

export const coverageOption = (): Option =>
  new Option(
    "--coverage <share>",
    "share of mentions whose entity is in the knowledge base, above 0 and at most 1 (default: from the model's calibration)",
  ).argParser(share);

export const kbOption = (): Option =>
  new Option("--kb <target>", "knowledge base: a folder or postgres://…").makeOptionMandatory();

export const replaceOption = (): Option =>
  new Option(
    "--replace",
    "allow the import to remove more than half of the entities of an existing knowledge base",
  );

export const onErrorOption = (): Option =>
  new Option(
    "--on-error <action>",
    "skip: report invalid records and continue; fail: stop at the first invalid record",
  )
    .choices(["skip", "fail"])
    .default("skip");

export const rejectsOption = (): Option =>
  new Option("--rejects <file>", "file to write the errors of rejected records to");

export const offsetsOption = (): Option =>
  new Option("--offsets <unit>", "unit of the `start` and `end` offsets in input and output")
    .choices(["utf16", "codepoint", "byte"])
    .default("utf16");

export const jsonOption = (): Option => new Option("--json", "print the result as one JSON object");

export const candidatesOption = (): Option =>
  new Option(
    "--candidates <n>",
    "maximum number of candidates to find by name for each mention; a mention that reaches it gets up to 50 more, which are related to candidates of the other mentions",
  )
    .argParser(integer(1))
    .default(100);

export const strictTypesOption = (): Option =>
  new Option("--strict-types", "remove the candidates that do not fit the type of their mention");

/** Formats in which `link` writes links. */
export const LINK_FORMATS = [
  "jsonl",
  "table",
  "html",
  "csv",
  "xlsx",
  "displacy",
  "webannotation",
  "nif",
] as const;
export type LinkOutputFormat = (typeof LINK_FORMATS)[number];

/** Adds the options that `link`, `evaluate` and `worker` use to create a linker. */
export function withLinkerOptions(command: Command): Command {
  const model = command
    .addOption(kbOption())
    .option(
      "--model <name|dir>",
      "a bundled model (see `mmel models list`) or a checkpoint folder (default: the bundled default model)",
    );
  return withPictureOptions(model)
    .addOption(candidatesOption())
    .addOption(coverageOption())
    .option("--no-collaborative", "rank every mention independently of the caption's other mentions")
    .addOption(strictTypesOption());
}

export const maxUploadOption = (): Option =>
  new Option("--max-upload <MiB>", "maximum size of an uploaded table in MiB (default: 200)").argParser(
    integer(1),
  );

export const uploadLimit = (mib: number | undefined): { readonly uploadBytes?: number } =>
  mib === undefined ? {} : { uploadBytes: mib * 2 ** 20 };

/** Returns the fields whose values are not undefined. */
export function defined<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}

/** Values of `--format` for public data sets. */
export const PUBLISHED_FORMATS = ["wikimel", "richpedia", "wikidiverse"] as const;
export type PublishedFormat = (typeof PUBLISHED_FORMATS)[number];

/** Returns whether a format is that of a public data set. */
export const isPublished = (format: string): format is PublishedFormat =>
  PUBLISHED_FORMATS.some((published) => published === format);

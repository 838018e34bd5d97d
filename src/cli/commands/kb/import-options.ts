import { type Command, InvalidArgumentError, Option } from "commander";
import { MmelError } from "../../../core/index.js";
import { inputFormatOf, uncompressedName } from "../../../formats/record.js";
import { iriPrefix, PUBLISHED_FORMATS } from "../../options.js";

/** Values of `--format` for an import. */
export const IMPORT_FORMATS = [
  "auto",
  "jsonl",
  "csv",
  ...PUBLISHED_FORMATS,
  "wikidata",
  "skos",
  "rdf",
] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** Options for tables, JSON Lines, SKOS and RDF files. */
export interface CatalogueOptions {
  readonly mapping?: string;
  readonly printMapping?: boolean;
  readonly base?: string;
}

/** Options for `--format wikidata`. `languages` also applies to SKOS, RDF and JSON Lines. */
export interface WikidataOptions {
  readonly languages?: readonly string[];
  readonly instanceOf?: readonly string[];
  readonly ids?: string;
  readonly properties?: string;
  readonly workDir?: string;
  readonly resume?: boolean;
}

export const mappingOption = (
  description = "a JSON file that maps the columns of a table to fields (default: guessed) and, also for JSON Lines, types to kinds (see docs/catalogues.md)",
): Option => new Option("--mapping <file>", description);

export const baseOption = (): Option =>
  new Option("--base <iri>", "for SKOS and RDF: the IRI prefix of ids (default: urn:mmel:)").argParser(
    iriPrefix,
  );

/** Adds `--mapping` and `--base` to a command, under a separate heading in its help text. */
export function withCatalogueOptions(command: Command): Command {
  const group = "With tables, JSON Lines, SKOS and RDF:";
  const printMapping = new Option(
    "--print-mapping",
    "print the mapping of the first file, a table, as JSON; import nothing",
  );
  return [mappingOption(), printMapping, baseOption()].reduce(
    (all, option) => all.addOption(option.helpGroup(group)),
    command,
  );
}

const LANGUAGE = /^[a-z]{2,12}(-[a-z0-9]{2,10})*$/;
const ITEM = /^Q[1-9]\d{0,9}$/;

const WIKIDATA_OPTIONS: Readonly<Record<keyof WikidataOptions, Option>> = {
  languages: new Option(
    "--language, --languages <list>",
    "languages of labels and texts, preferred first, such as de,en (default: en; for SKOS, RDF and JSON Lines: all)",
  ).argParser(listParser(LANGUAGE, "language codes such as en,de")),
  instanceOf: new Option(
    "--instance-of <ids>",
    "import the direct instances of these items, such as Q5 for people (default: all items, or with --ids only the listed items)",
  ).argParser(listParser(ITEM, "items such as Q5,Q515")),
  ids: new Option(
    "--ids <file>",
    "import the items in this file (ids, one per line, or captions with gold entities), in addition to those of --instance-of",
  ),
  properties: new Option(
    "--properties <file>",
    'the properties to import, as JSON such as {"P106":"occupation","P569+P19":"birth"} (default: see docs/wikidata.md)',
  ),
  workDir: new Option(
    "--work-dir <dir>",
    "folder for temporary files (default: TARGET.wikidata; for a server, wikidata-HASH in the working directory)",
  ),
  resume: new Option("--resume", "continue an interrupted import with the same options"),
};

/** Adds the options for `--format wikidata` to a command, under a separate heading in its help text. */
export function withWikidataOptions(command: Command): Command {
  for (const option of Object.values(WIKIDATA_OPTIONS))
    command.addOption(option.helpGroup("With --format wikidata:"));
  return command;
}

const isJsonLines = (file: string, format: ImportFormat): boolean =>
  format === "jsonl" || (format === "auto" && inputFormatOf(file) === "jsonl");

const RDF_NAME = /\.(ttl|turtle|nt|nq)$/i;

/** Returns whether a file is read as RDF if `format` is the value of `--format`. */
export function isRdf(file: string, format: string): boolean {
  return (
    format === "skos" || format === "rdf" || (format === "auto" && RDF_NAME.test(uncompressedName(file)))
  );
}

/** Throws `USAGE` for an option that does not apply to any of the files. */
export function assertApplicable(
  files: readonly string[],
  format: ImportFormat,
  options: CatalogueOptions & WikidataOptions,
): void {
  const { mapping, base, languages } = options;
  const rdf = files.some((file) => isRdf(file, format));
  const records = ["auto", "csv", "jsonl"].includes(format) && files.some((file) => !isRdf(file, format));
  if (mapping !== undefined && !records) throw inapplicable("--mapping", "csv or jsonl");
  if (base !== undefined && !rdf) throw inapplicable("--base", "skos or rdf");
  const jsonLines = records && files.some((file) => !isRdf(file, format) && isJsonLines(file, format));
  if (languages !== undefined && !rdf && !jsonLines && format !== "wikidata")
    throw inapplicable("--languages", "wikidata, skos, rdf or jsonl");
  if (format === "wikidata") return;
  for (const [name, option] of Object.entries(WIKIDATA_OPTIONS)) {
    if (name === "languages" || options[name as keyof WikidataOptions] === undefined) continue;
    throw inapplicable(String(option.long), "wikidata");
  }
}

/** Creates the error for an option that applies only to other formats. */
export const inapplicable = (option: string, formats: string): MmelError =>
  new MmelError("USAGE", {
    what: `${option} does not apply to these files`,
    where: "mmel kb import",
    expected: `files in the format ${formats}`,
    hint: `Remove \`${option}\`, or set the format of the files with \`--format\`.`,
  });

function listParser(pattern: RegExp, expected: string): (text: string) => string[] {
  return (text) => {
    const parts = text.split(",").map((part) => part.trim());
    if (parts.every((part) => pattern.test(part))) return parts;
    throw new InvalidArgumentError(`${expected}, separated by commas.`);
  };
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { MmelError } from "../../../core/index.js";

export interface CatalogueOptions {
  readonly mapping?: string;
  readonly base?: string;
}

export const mappingOption = (): Option =>
  new Option("--mapping <file>", "with CSV: which column is which field, as JSON (docs/catalogues.md)");

export const baseOption = (): Option =>
  new Option(
    "--base <iri>",
    "with SKOS and RDF: what stands before an id in its IRI (default: urn:mmel:)",
  ).argParser((text) => {
    if (/^(?:https?:\/\/|urn:)[^\s<>"{}|\\^`]+$/.test(text)) return text;
    throw new InvalidArgumentError("an IRI such as http://example.org/id/.");
  });

export function withCatalogueOptions(command: Command): Command {
  const group = "With CSV, SKOS and RDF:";
  return command.addOption(mappingOption().helpGroup(group)).addOption(baseOption().helpGroup(group));
}

const RDF_NAME = /\.(ttl|turtle|nt|nq)(\.gz)?$/i;

/** Whether a file is RDF under this `--format`. */
export function isRdf(file: string, format: string): boolean {
  return format === "skos" || format === "rdf" || (format === "auto" && RDF_NAME.test(file));
}

/** `USAGE` for an option that none of the files can use. */
export function refuseCatalogueOptions(
  files: readonly string[],
  format: string,
  { mapping, base, languages }: CatalogueOptions & { readonly languages?: readonly string[] },
): void {
  const rdf = files.some((file) => isRdf(file, format));
  const table = (format === "auto" || format === "csv") && files.some((file) => !isRdf(file, format));
  if (mapping !== undefined && !table) throw misplaced("--mapping", "csv");
  if (base !== undefined && !rdf) throw misplaced("--base", "rdf");
  if (languages !== undefined && !rdf && format !== "wikidata") throw misplaced("--languages", "rdf");
}

const misplaced = (option: string, format: string): MmelError =>
  new MmelError("USAGE", {
    what: `${option} has no use with these files`,
    where: "mmel kb import",
    hint: `--format ${format}`,
  });

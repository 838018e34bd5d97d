import { type Command, InvalidArgumentError, Option } from "commander";
import { MmelError } from "../../../core/index.js";

export interface WikidataCommandOptions {
  readonly languages?: readonly string[];
  readonly instanceOf?: readonly string[];
  readonly ids?: string;
  readonly properties?: string;
  readonly workDir?: string;
  readonly resume?: boolean;
}

const LANGUAGE = /^[a-z]{2,12}(-[a-z0-9]{2,10})*$/;
const ITEM = /^Q[1-9]\d{0,9}$/;

const OPTIONS: Readonly<Record<keyof WikidataCommandOptions, Option>> = {
  languages: new Option(
    "--language, --languages <list>",
    "of names and texts, the most wanted first, such as de,en (default: en); also with SKOS and RDF (default: all)",
  ).argParser(list(LANGUAGE, "language codes such as en,de")),
  instanceOf: new Option(
    "--instance-of <ids>",
    "take instances of these, such as Q5 for people (default: every item)",
  ).argParser(list(ITEM, "items such as Q5,Q515")),
  ids: new Option("--ids <file>", "take these too: an id a line, or the gold of captions"),
  properties: new Option(
    "--properties <file>",
    'which ones, as JSON: {"P106":"occupation","P569+P19":"birth"}',
  ),
  workDir: new Option("--work-dir <dir>", "where what is read gathers meanwhile (default: TARGET.wikidata)"),
  resume: new Option("--resume", "go on with an import that was interrupted, with the same options"),
};

/** Adds the options of `--format wikidata`, under a heading of their own. */
export function withWikidataOptions(command: Command): Command {
  for (const option of Object.values(OPTIONS)) command.addOption(option.helpGroup("With --format wikidata:"));
  return command;
}

/** `USAGE` when one of them stands with another format; languages are also RDF's. */
export function refuseWikidataOptions(options: WikidataCommandOptions): void {
  for (const [name, option] of Object.entries(OPTIONS)) {
    if (name === "languages" || options[name as keyof WikidataCommandOptions] === undefined) continue;
    throw new MmelError("USAGE", {
      what: `${option.long} without --format wikidata`,
      where: "mmel kb import",
      hint: "--format wikidata",
    });
  }
}

function list(pattern: RegExp, expected: string): (text: string) => string[] {
  return (text) => {
    const parts = text.split(",").map((part) => part.trim());
    if (parts.every((part) => pattern.test(part))) return parts;
    throw new InvalidArgumentError(`${expected}, with commas between.`);
  };
}

import { type Entity, MmelError } from "../../../core/index.js";
import { type Read, readEntities, readMapping } from "../../../formats/index.js";
import { type Context, note } from "../../context.js";
import { type CatalogueOptions, isRdf } from "./catalogue-options.js";

/** What `--format` of an import takes. */
export const FORMATS = ["auto", "jsonl", "csv", "wikimel", "richpedia", "wikidata", "skos", "rdf"] as const;
export type Format = (typeof FORMATS)[number];

/** The entities of an import's files. */
export interface Reading {
  readonly reads: AsyncIterable<Read<Entity>>;
  /** The file that the latest record came from; all of them where they are read together. */
  file(): string;
  /** After a successful import: tidies up, and says what else there is to report. */
  finish(): Promise<{ readonly figures: Readonly<Record<string, unknown>>; readonly text: string }>;
}

interface ReadAllOptions extends CatalogueOptions {
  readonly languages?: readonly string[];
  /** Called with each file, or files that are read together, before its records. */
  readonly onFile?: (file: string) => void;
}

/** The entities of files of one form, one file after the other; those of RDF together, as one graph. */
export async function* readAll(
  context: Context,
  files: readonly string[],
  format: Exclude<Format, "wikidata">,
  { mapping: mappingFile, base, languages, onFile }: ReadAllOptions = {},
): AsyncGenerator<Read<Entity>> {
  const onWarning = (warning: string): void => note(context, warning);
  const { signal } = context;
  const mapping = mappingFile === undefined ? undefined : await readMapping(mappingFile);
  const rdf = files.filter((file) => isRdf(file, format));
  for (const file of files) {
    if (rdf.includes(file)) continue;
    onFile?.(file);
    if (format === "wikimel" || format === "richpedia") {
      const { DATASETS } = await import("../../../datasets/index.js");
      let line = 0;
      for await (const value of DATASETS[format].entities(file))
        yield { kind: "record", line: ++line, value };
    } else {
      if (format !== "csv" && mapping === undefined) await refuseWikidata(file);
      yield* readEntities(file, {
        ...(mapping !== undefined && { format: "csv", mapping }),
        ...((format === "jsonl" || format === "csv") && { format }),
        signal,
        onWarning,
      });
    }
  }
  if (rdf.length === 0) return;
  onFile?.(rdf.join(", "));
  const { readRdf } = await import("../../../kb/rdf/index.js");
  yield* readRdf(rdf, {
    ...(languages !== undefined && { languages }),
    ...(base !== undefined && { base }),
    onlyConcepts: format === "skos",
    signal,
    onWarning,
  });
}

/** `FORMAT` for what would be a wrong line after the other. Not read as what it is: without a filter that may be all of Wikidata. */
async function refuseWikidata(file: string): Promise<void> {
  const { isWikidata } = await import("../../../datasets/wikidata/index.js");
  if (!(await isWikidata(file))) return;
  throw new MmelError("FORMAT", {
    what: "this is a dump of Wikidata, or an answer of its service",
    where: file,
    expected: "entities as mmel writes them",
    hint: "--format wikidata, with --instance-of or --ids for some of it",
  });
}

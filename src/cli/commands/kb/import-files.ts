import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { counted, type Entity, MmelError, percent } from "../../../core/index.js";
import type { DumpProgress, WikidataReport, WikidataSettings } from "../../../datasets/wikidata/index.js";
import type { EntityMapping } from "../../../formats/index.js";
import { inputFormatOf, type Read, type Rejected } from "../../../formats/record.js";
import { type Context, note } from "../../context.js";
import type { Accepted, Input } from "../../input.js";
import { isPublished } from "../../options.js";
import { type Progress, timeLeft } from "../../progress.js";
import { mappingNotes } from "../../tables.js";
import {
  assertApplicable,
  type CatalogueOptions,
  type ImportFormat,
  inapplicable,
  isRdf,
  type WikidataOptions,
} from "./import-options.js";

export interface ImportFilesOptions extends WikidataOptions, CatalogueOptions {
  readonly kb: string;
  readonly format: ImportFormat;
}

/** The input files of an import. */
export interface ImportFiles {
  readonly reads: AsyncIterable<Read<Entity>>;
  /**
   * Returns the name of the file being read, or the names of all files that are being read together (RDF, Wikidata).
   */
  currentFile(): string;
  /**
   * Removes temporary files and returns additional figures and text for the report. Call it after a successful import.
   */
  finish(): Promise<{ readonly figures: Readonly<Record<string, unknown>>; readonly text: string }>;
}

/** Opens the input files of an import. Throws `USAGE` if an option does not apply to any of the files. */
export async function openImportFiles(
  context: Context,
  files: readonly string[],
  options: ImportFilesOptions,
  progress: Progress,
): Promise<ImportFiles> {
  const { format } = options;
  assertApplicable(files, format, options);
  if (format === "wikidata") return openWikidataFiles(context, files, options, progress);
  let current = files.join(", ");
  const onFile = (file: string): void => {
    current = file;
  };
  return {
    reads: readAll(context, files, format, options, onFile),
    currentFile: () => current,
    finish: async () => ({ figures: {}, text: "" }),
  };
}

/**
 * Reads each file that is not RDF, after calling `onFile` with its name. Then calls `onFile` with the names of all RDF
 * files, joined by commas, and reads these files together as one graph.
 */
async function* readAll(
  context: Context,
  files: readonly string[],
  format: Exclude<ImportFormat, "wikidata">,
  options: ImportFilesOptions,
  onFile: (file: string) => void,
): AsyncGenerator<Read<Entity>> {
  const { hasColumns, readEntities, readMapping } = await import("../../../formats/index.js");
  const { base, languages } = options;
  const onWarning = (warning: string): void => note(context, warning);
  const { signal } = context;
  const mapping = options.mapping === undefined ? undefined : await readMapping(options.mapping);
  const isMapped = mapping !== undefined && hasColumns(mapping);
  const onMapping = mappingNotes<EntityMapping>(context, "entities");
  if (isMapped && format === "jsonl") throw inapplicable("--mapping", "csv, or a mapping with only `types`");
  const rdf = files.filter((file) => isRdf(file, format));
  for (const file of files) {
    if (rdf.includes(file)) continue;
    onFile(file);
    if (isPublished(format)) {
      const { DATASETS } = await import("../../../datasets/index.js");
      let line = 0;
      for await (const value of DATASETS[format].entities(file))
        yield { kind: "record", line: ++line, value };
    } else {
      const isTable = format === "csv" || isMapped || inputFormatOf(file) === "csv";
      if (!isTable) await rejectWikidata(file);
      yield* readEntities(file, {
        ...(isMapped && { format: "csv" }),
        ...((format === "jsonl" || format === "csv") && { format }),
        ...(mapping !== undefined && { mapping }),
        ...(languages !== undefined && { languages }),
        signal,
        onWarning,
        onMapping,
      });
    }
  }
  if (rdf.length === 0) return;
  onFile(rdf.join(", "));
  const { readRdf } = await import("../../../kb/rdf/index.js");
  yield* readRdf(rdf, {
    ...(languages !== undefined && { languages }),
    ...(base !== undefined && { base }),
    onlyConcepts: format === "skos",
    signal,
    onWarning,
  });
}

/**
 * Throws `FORMAT` for a Wikidata file, which would otherwise be rejected line by line. Wikidata files are not imported
 * without `--format wikidata`, because a file may contain all of Wikidata and the user should choose a filter.
 */
async function rejectWikidata(file: string): Promise<void> {
  const { isWikidata } = await import("../../../datasets/wikidata/index.js");
  if (!(await isWikidata(file))) return;
  throw new MmelError("FORMAT", {
    what: "this is a Wikidata dump or API response",
    where: file,
    expected: "entities in the JSON Lines or CSV format of mmel",
    hint: "Add `--format wikidata`. To import only some items, also add `--instance-of` or `--ids`.",
  });
}

/**
 * Returns the entities in the records, and the callback `onDuplicate` for the importer. The importer calls it when an
 * entity has the same id as an earlier entity. The record of the later entity is then rejected.
 */
export function rejectDuplicates(
  records: AsyncIterable<Accepted<Entity>>,
  input: Input,
  currentFile: () => string,
) {
  const duplicates: Rejected[] = [];
  let line = 0;
  const onDuplicate = (id: string): void => {
    const where = `${currentFile()}, line ${line}`;
    const what = `the entity id "${id}" is a duplicate; the first entity is kept`;
    const error = new MmelError("DUPLICATE_ID", { what, where, expected: "only one entity with this id" });
    duplicates.push({ kind: "rejected", line, id, error, excerpt: "" });
  };
  async function* entities(): AsyncGenerator<Entity> {
    for await (const record of records) {
      line = record.line;
      yield record.value;
      for (const rejected of duplicates.splice(0)) await input.reject(rejected);
    }
  }
  return { entities: entities(), onDuplicate };
}

/** Opens Wikidata dumps and API responses. */
async function openWikidataFiles(
  context: Context,
  files: readonly string[],
  options: ImportFilesOptions,
  progress: Progress,
): Promise<ImportFiles> {
  const { openWikidata } = await import("../../../datasets/wikidata/index.js");
  const folder = resolve(options.workDir ?? workFolder(options.kb));
  const reader = openWikidata(files, {
    settings: await settingsOf(options, context.signal),
    folder,
    resume: options.resume ?? false,
    signal: context.signal,
    onProgress: progressOf(progress),
    onStartOver: () =>
      note(context, `starting over: deleting the files of an interrupted import in ${folder}`),
  });
  return {
    reads: reader.entities(),
    currentFile: () => files.join(", "),
    async finish() {
      await reader.finish();
      const report = reader.report();
      noteProblems(context, report);
      const { notFound, moved, ...figures } = report;
      const counts = { notFound: notFound.length, moved: moved.length };
      return { figures: { wikidata: { ...figures, ...counts } }, text: textOf(report) };
    },
  };
}

/**
 * Returns the default folder for temporary files. It is next to the knowledge base or, if the knowledge base is on a
 * server, in the working directory.
 */
function workFolder(kb: string): string {
  if (!/^[a-z]+:\/\//i.test(kb)) return `${kb.replace(/[/\\]+$/, "")}.wikidata`;
  return `wikidata-${createHash("sha256").update(kb).digest("hex").slice(0, 8)}`;
}

async function settingsOf(options: WikidataOptions, signal: AbortSignal): Promise<WikidataSettings> {
  const { PAPER_PROPERTIES, readIdFile, readPropertyMap } = await import(
    "../../../datasets/wikidata/index.js"
  );
  const { languages = ["en"], instanceOf = [], ids, properties } = options;
  return {
    languages,
    instanceOf,
    ...(ids !== undefined && { ids: await readIdFile(ids, signal) }),
    properties: properties === undefined ? PAPER_PROPERTIES : await readPropertyMap(properties),
  };
}

function progressOf(progress: Progress): (read: DumpProgress) => void {
  let first: { readonly read: DumpProgress; readonly time: number } | undefined;
  return (read) => {
    first ??= { read, time: performance.now() };
    progress.update(read.taken, progressText(read, first.read, (performance.now() - first.time) / 1000));
  };
}

/**
 * Formats the share read so far, the name of the file, the speed and the time left. The speed and the time left are
 * estimated from the progress since `first`.
 */
function progressText({ file, share, bytes }: DumpProgress, first: DumpProgress, seconds: number): string {
  const rate = seconds > 0 ? (bytes - first.bytes) / 1e6 / seconds : 0;
  const part = share === undefined ? "" : `${percent(share)} read, `;
  const left = share === undefined ? "" : timeLeft(share, first.share ?? 0, seconds);
  return `${part}${basename(file)}, ${rate.toFixed(0)} MB/s${left === "" ? "" : `, ${left}`}`;
}

function noteProblems(context: Context, { notFound, moved, nameless, missing }: WikidataReport): void {
  const renamed = ({ from, to }: WikidataReport["moved"][number]): string => `${from} is now ${to}`;
  const imported = moved.filter(({ taken }) => taken);
  const skipped = moved.filter(({ taken }) => !taken);
  if (imported.length > 0)
    note(
      context,
      `${counted(imported.length, "listed id redirects to another item", "listed ids redirect to other items")}: ${someOf(imported.map(renamed))}`,
    );
  if (skipped.length > 0)
    note(
      context,
      `${counted(skipped.length, "listed id redirects to an item that was", "listed ids redirect to items that were")} not imported: ${someOf(skipped.map(renamed))}; list the new ids and import again`,
    );
  if (notFound.length > 0)
    note(
      context,
      `the files contain no valid item for ${counted(notFound.length, "listed id")}: ${someOf(notFound)}`,
    );
  if (missing > 0)
    note(
      context,
      counted(
        missing,
        "requested item does not exist or was deleted",
        "requested items do not exist or were deleted",
      ),
    );
  if (nameless > 0)
    note(
      context,
      `skipped ${counted(nameless, "item")} without a label in the chosen languages, mul or English`,
    );
}

const someOf = (ids: readonly string[]): string => ids.slice(0, 5).join(", ") + (ids.length > 5 ? ", …" : "");

function textOf({ lines, bytes, redirects, unresolved, seconds }: WikidataReport): string {
  const count = (number: number): string => number.toLocaleString("en");
  return (
    `Read ${count(lines)} lines (${count(Math.round(bytes / 1e6))} MB) in ${seconds.read.toFixed(1)} s, labels of referenced items in ` +
    `${seconds.labels.toFixed(1)} s; ${count(redirects)} redirects, ${count(unresolved)} referenced items without a label.\n`
  );
}

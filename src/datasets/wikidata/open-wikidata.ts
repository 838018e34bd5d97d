import { createHash } from "node:crypto";
import { basename } from "node:path";
import { counted, type Entity, MmelError, throwIfAborted } from "../../core/index.js";
import type { Read, Rejected } from "../../formats/index.js";
import { lockFolder } from "../../kb/folder-lock.js";
import type { BadInFile } from "./collect.js";
import { resolveDraft } from "./draft.js";
import { addId, countIds, numbersOf } from "./id-set.js";
import { type DumpProgress, readDump, sizeOf } from "./read-dump.js";
import { absentIds, createLabelTable, type LabelFiles, type Moved } from "./references.js";
import { MAX_LINE } from "./scan.js";
import { createScanPool } from "./scan-pool.js";
import type { WikidataSettings } from "./settings.js";
import {
  LABEL_TABLE,
  openWorkFolder,
  prepareWorkFolder,
  readBadLines,
  readDrafts,
  readNumbers,
  removeWorkFolder,
  type State,
  type WorkFolder,
} from "./work-folder.js";

export interface WikidataOptions {
  readonly settings: WikidataSettings;
  /** Folder for intermediate files. It needs enough space for the labels of all items and for the imported entities. */
  readonly folder: string;
  /** Whether to resume an interrupted import in this folder. */
  readonly resume?: boolean;
  /** Maximum length of a line in bytes. Default: 16 MiB. */
  readonly maxLineBytes?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DumpProgress) => void;
  /** Called when the progress of an interrupted import has been discarded. */
  readonly onStartOver?: () => void;
}

/** Statistics of an import from Wikidata. */
export interface WikidataReport {
  readonly lines: number;
  /** Number of decompressed bytes read. */
  readonly bytes: number;
  readonly taken: number;
  readonly nameless: number;
  readonly redirects: number;
  readonly missing: number;
  /**
   * Number of distinct items that entities refer to but that have no label in the files. These references were dropped.
   */
  readonly unresolved: number;
  /**
   * Ids in `settings.ids` for which the files contain neither a valid item nor a redirect. Items without a usable label
   * are not among them.
   */
  readonly notFound: readonly string[];
  /** Ids in `settings.ids` that were not imported because, according to the files, they redirect to other items. */
  readonly moved: readonly Moved[];
  /**
   * Seconds spent reading the files since the import was started or last resumed (`read`), and seconds spent collecting
   * the labels of references (`labels`).
   */
  readonly seconds: { readonly read: number; readonly labels: number };
}

/** A reader of Wikidata files, for importing them into a knowledge base. */
export interface WikidataReader {
  /**
   * First reads all files and yields their bad lines. Then yields the entities in the order of the files. The result
   * can be iterated only once. Throws `KB_BUSY` if another import uses the folder, `FORMAT` if the files contain no
   * item to import, and the errors of `prepareWorkFolder`, `openWorkFolder` and `readDump`.
   */
  entities(): AsyncGenerator<Read<Entity>>;
  /** Returns the statistics. They are complete after `entities` has ended. */
  report(): WikidataReport;
  /** Deletes the intermediate files. Call this method after the entities have been imported. */
  finish(): Promise<void>;
}

/**
 * Opens a reader for Wikidata dumps and for responses of `wbgetentities`. A dump contains one JSON entity per line, and
 * may be compressed with gzip or bzip2. The file name `-` means standard input. The reader replaces references with the
 * labels found in the same files. Its memory use hardly depends on the size of the files.
 */
export function openWikidata(files: readonly string[], options: WikidataOptions): WikidataReader {
  const { settings, folder, resume = false, signal, maxLineBytes: limit = MAX_LINE } = options;
  const seconds = { read: 0, labels: 0 };
  const unresolved = new Map<number, Uint32Array>();
  let state: State | undefined;
  let absent: Awaited<ReturnType<typeof absentIds>> = { notFound: [], moved: [] };

  async function* entities(): AsyncGenerator<Read<Entity>> {
    if (!resume) await sizeOf(files); // throws if a file is missing, before earlier work is discarded
    await prepareWorkFolder(folder);
    using _lock = lockFolder(folder);
    const { onStartOver } = options;
    await using work = await openWorkFolder(folder, {
      settings: fingerprint(files, settings),
      resume,
      onStartOver,
    });
    const started = performance.now();
    for await (const bad of readBadLines(work.segment("bad"))) yield rejectedOf(bad, files); // from an earlier run
    yield* readFiles(work);
    state = work.state();
    seconds.read = secondsSince(started);
    if (settings.ids !== undefined) {
      const taken = await readNumbers(work.segment("taken"));
      const unlabelled = await readNumbers(work.segment("unlabelled"));
      absent = await absentIds(settings.ids, { taken, unlabelled }, work.segment("redirects"), signal);
    }
    if (state.counts.taken === 0) throw nothingTaken(files, state, absent.moved);
    const resolving = performance.now();
    const needed = await readNumbers(work.segment("needed"));
    using labels = await createLabelTable(labelFiles(work), needed, signal);
    seconds.labels = secondsSince(resolving);
    for await (const [line, draft] of readDrafts(work.segment("drafts"))) {
      throwIfAborted(signal);
      yield {
        kind: "record",
        line,
        value: resolveDraft(draft, labels.labelOf, (item) => addId(unresolved, item)),
      };
    }
  }
  async function* readFiles(work: WorkFolder): AsyncGenerator<Rejected> {
    await using pool = createScanPool({ settings, limit }, options.threads);
    for await (const bad of readDump(files, work, pool, { limit, signal, onProgress: options.onProgress }))
      yield rejectedOf(bad, files);
  }
  return {
    entities,
    report() {
      const { lines = 0, bytes = 0, counts } = state ?? {};
      return {
        lines,
        bytes,
        ...(counts ?? { taken: 0, nameless: 0, redirects: 0, missing: 0 }),
        unresolved: countIds(unresolved),
        ...absent,
        seconds,
      };
    },
    finish: () => removeWorkFolder(folder),
  };
}

function nothingTaken(
  files: readonly string[],
  { lines, counts }: State,
  [moved]: readonly Moved[],
): MmelError {
  const { nameless } = counts;
  const without =
    nameless === 0
      ? ""
      : `; ${counted(nameless, "item passes", "items pass")} the filter but ${nameless === 1 ? "has" : "have"} no usable label in the chosen languages, mul or English`;
  return new MmelError("FORMAT", {
    what: `none of the ${lines.toLocaleString("en")} lines contains an item to import${without}`,
    where: files.join(", "),
    expected: "Wikidata entities as JSON, one per line",
    hint:
      moved === undefined
        ? "Choose other languages or another filter."
        : `List ${moved.to} instead of ${moved.from}, which redirects to it.`,
  });
}

const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000;

/**
 * Returns a hash of the file names and settings. An import can be resumed only with the same file names and settings.
 */
function fingerprint(files: readonly string[], { ids, ...settings }: WikidataSettings): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([files.map((file) => basename(file)), settings]));
  if (ids !== undefined) for (const number of numbersOf(ids)) hash.update(`${number},`);
  return hash.digest("hex");
}

const labelFiles = (work: WorkFolder): LabelFiles => ({
  labels: work.segment("labels"),
  redirects: work.segment("redirects"),
  table: work.path(LABEL_TABLE),
});

function rejectedOf(
  { line, id, code, detail, excerpt, file }: BadInFile,
  files: readonly string[],
): Rejected {
  const where = `${files[file] === "-" ? "standard input" : basename(files[file] ?? "")}, line ${line}`;
  const error = new MmelError(code, { ...detail, where });
  return { kind: "rejected", line, ...(id !== undefined && { id }), error, excerpt };
}

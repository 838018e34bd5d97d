import { createHash } from "node:crypto";
import { basename } from "node:path";
import { type Entity, MmelError, throwIfAborted } from "../../core/index.js";
import type { Read, Rejected } from "../../formats/index.js";
import { lockFolder } from "../../kb/folder-lock.js";
import { absentIds, type Moved } from "./absent.js";
import { addId, countIds, numbersOf } from "./id-set.js";
import { createLabelTable, type LabelFiles } from "./references.js";
import { createScanPool } from "./scan-pool.js";
import { type BadInFile, type DumpProgress, readDump, sizeOf } from "./read-dump.js";
import { resolveDraft } from "./resolve.js";
import { MAX_LINE } from "./scan.js";
import { readBadLines, readDrafts, readNumbers } from "./segments.js";
import type { WikidataSettings } from "./settings.js";
import type { State } from "./state.js";
import { LABEL_TABLE, openWork, prepareWork, removeWork, type Work } from "./work-folder.js";

export interface WikidataOptions {
  readonly settings: WikidataSettings;
  /** Where what is read gathers until the import is done; on a disk with room for the labels of all items. */
  readonly folder: string;
  /** Goes on with what an interrupted import left in the folder. */
  readonly resume?: boolean;
  /** Longest line in bytes (16 MiB). */
  readonly maxLineBytes?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DumpProgress) => void;
  /** Called when what an interrupted import left has been thrown away. */
  readonly onStartOver?: () => void;
}

/** What an import of Wikidata came across. */
export interface WikidataReport {
  readonly lines: number;
  /** Unpacked. */
  readonly bytes: number;
  readonly taken: number;
  readonly nameless: number;
  readonly redirects: number;
  readonly missing: number;
  /** References whose label is in none of the files, left out: how many different items. */
  readonly unresolved: number;
  /** Listed ids that no file has. */
  readonly notFound: readonly string[];
  /** Listed ids that are redirects in the files. */
  readonly moved: readonly Moved[];
  /** Seconds for reading the files (since the last resumption), and for finding the labels of references. */
  readonly seconds: { readonly read: number; readonly labels: number };
}

/** Entities of Wikidata on their way into a knowledge base. */
export interface WikidataReader {
  /**
   * First the lines that hold no entity, while all files are read; then the entities, in the order of the files. Once.
   * `KB_BUSY` when another import uses the folder; `RESUME`, `FORMAT`, `ABORTED` and `FILE_…` as `openWork` and `readDump`
   * say.
   */
  entities(): AsyncGenerator<Read<Entity>>;
  /** Complete when `entities` has ended. */
  report(): WikidataReport;
  /** Removes the folder, when all that was gathered is where it belongs. */
  finish(): Promise<void>;
}

/**
 * Reads dumps (a JSON entity a line; plain, gzip, bzip2; `-` for standard input) and answers of `wbgetentities`, references
 * resolved to the labels that the same files give. Memory does not grow with the files.
 */
export function openWikidata(files: readonly string[], options: WikidataOptions): WikidataReader {
  const { settings, folder, resume = false, signal, maxLineBytes: limit = MAX_LINE } = options;
  const seconds = { read: 0, labels: 0 };
  const unresolved = new Map<number, Uint32Array>();
  let state: State | undefined;
  let absent: Awaited<ReturnType<typeof absentIds>> = { notFound: [], moved: [] };

  async function* entities(): AsyncGenerator<Read<Entity>> {
    if (!resume) await sizeOf(files); // before anything is thrown away for them
    await prepareWork(folder);
    using _lock = lockFolder(folder);
    const { onStartOver } = options;
    const of = { settings: fingerprint(files, settings), resume, onStartOver };
    await using work = await openWork(folder, of);
    const started = performance.now();
    for await (const bad of readBadLines(work.segment("bad"))) yield rejectedOf(bad, files); // of an earlier run
    yield* rejects(files, work);
    state = work.state();
    seconds.read = secondsSince(started);
    if (settings.ids !== undefined) {
      const taken = await readNumbers(work.segment("taken"));
      absent = await absentIds(settings.ids, taken, work.segment("redirects"), signal);
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
  async function* rejects(all: readonly string[], work: Work): AsyncGenerator<Rejected> {
    await using pool = createScanPool({ settings, limit }, options.threads);
    for await (const bad of readDump(all, work, pool, { limit, signal, onProgress: options.onProgress }))
      yield rejectedOf(bad, all);
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
    finish: () => removeWork(folder),
  };
}

function nothingTaken(
  files: readonly string[],
  { lines, counts }: State,
  [moved]: readonly Moved[],
): MmelError {
  const nameless = counts.nameless === 0 ? "" : ` (${counts.nameless} have no name in these languages)`;
  return new MmelError("FORMAT", {
    what: `none of the ${lines.toLocaleString("en")} lines holds an entity that is asked for${nameless}`,
    where: files.join(", "),
    expected: "entities of Wikidata as JSON, one a line, that the filter takes",
    hint:
      moved === undefined
        ? "other languages, or another filter"
        : `listing ${moved.to}, which ${moved.from} is now`,
  });
}

const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000;

/** What decides the result of reading: other settings or files cannot go on with it. */
function fingerprint(files: readonly string[], { ids, ...settings }: WikidataSettings): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([files.map((file) => basename(file)), settings]));
  if (ids !== undefined) for (const number of numbersOf(ids)) hash.update(`${number},`);
  return hash.digest("hex");
}

const labelFiles = (work: Work): LabelFiles => ({
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

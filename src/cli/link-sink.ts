import { lstat, rename, rm } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { captionHash } from "../core/caption-hash.js";
import { type Caption, type CaptionLinks, counted, MmelError, type OffsetUnit } from "../core/index.js";
import type { EmbedPictures, LinkedCaption } from "../formats/html/index.js";
import {
  arrangeLinks,
  type ContinuedLinks,
  captionFormatOf,
  continueLinks,
  createLineFile,
  formatOf,
  type LineFile,
  type LinkFileFormat,
  linkLines,
  nifSyntaxOf,
  type Origin,
  writeAtomically,
} from "../formats/index.js";
import type { Linker } from "../linker/index.js";
import { type Context, note, print, printLines } from "./context.js";
import { linkTable } from "./link-table.js";
import type { LinkOutputFormat } from "./options.js";
import { notePicturesLeftOut, openEmbedder } from "./pictures.js";

export interface SinkOptions {
  readonly output?: string;
  readonly format?: LinkOutputFormat;
  readonly offsets: OffsetUnit;
  /** For NIF: the URI prefix of entities; see `NifOptions`. */
  readonly entityBase?: string;
  readonly resume?: boolean;
  /** Folder with the pictures to embed in an HTML page. */
  readonly images?: string;
  /** Additional sentence at the top of an HTML page. */
  readonly remark?: string;
}

/** An output that receives the links of one caption at a time. */
export interface Sink extends AsyncDisposable {
  /**
   * Returns whether the links of a caption are already in the output. Call once for each caption, in the order of the
   * input.
   */
  isDone(caption: Caption): boolean;
  take(caption: Caption, links: CaptionLinks): Promise<void>;
  /** Call once after the last caption. */
  finish(): Promise<void>;
}

const NOTHING_DONE = { isDone: () => false };
/** Maximum number of captions in a table. */
const MAX_TABLE = 2_000;
/** Maximum number of captions on a page; browsers struggle with more. */
const MAX_PAGE = 50_000;

/**
 * Creates the output. Throws `CONFIG` if an Excel file is to be written to standard output, or if `--resume` is used
 * with an output that is not a JSON Lines file.
 */
export async function createSink(context: Context, linker: Linker, options: SinkOptions): Promise<Sink> {
  const format = options.format ?? formatByName(options.output);
  if (options.resume && (format !== "jsonl" || options.output === undefined)) {
    throw new MmelError("CONFIG", {
      what: "only a JSON Lines file can be continued",
      where: "--resume",
      hint: "Use `--resume` with `--format jsonl` and `--output FILE`.",
    });
  }
  if (format === "xlsx") return (await import("./xlsx-sink.js")).xlsxSink(context, options.output);
  if (format === "table") return tableSink(context, options);
  if (format === "html") return pageSink(context, options);
  return lineSink(context, linker, format, options);
}

function formatByName(output: string | undefined): LinkOutputFormat {
  if (output !== undefined && /\.html?$/i.test(output)) return "html";
  if (output !== undefined && /\.xlsx$/i.test(output)) return "xlsx";
  return captionFormatOf(output) === "nif" ? "nif" : formatOf(output);
}

async function lineSink(
  context: Context,
  linker: Linker,
  format: LinkFileFormat,
  { output, offsets, entityBase, resume }: SinkOptions,
): Promise<Sink> {
  const file =
    output === undefined ? undefined : await outputFile(context, output, format, resume ? linker : undefined);
  const write = (line: string): Promise<void> => file?.append(line) ?? print(context, line);
  let header = true;
  const nif = { entityBase, syntax: nifSyntaxOf(output) };
  const unplaced = { mentions: 0, first: "" };
  const onUnplaced = (id: string, mentions: number): void => {
    if (unplaced.mentions === 0) unplaced.first = id;
    unplaced.mentions += mentions;
  };
  return {
    ...(file ?? NOTHING_DONE),
    take: async ({ text }, links) => {
      const lines = linkLines([links], {
        ...{ format, header, nif, onUnplaced },
        offsets: { unit: offsets, textOf: () => text },
      });
      header = false;
      for await (const line of lines) await write(line);
    },
    finish: async () => {
      await file?.finish();
      if (unplaced.mentions > 0)
        note(
          context,
          `${counted(unplaced.mentions, "mention")} could not be placed in the text (first in caption ${unplaced.first}); ${UNPLACED[format]}`,
        );
    },
    [Symbol.asyncDispose]: async () => file?.[Symbol.asyncDispose](),
  };
}

/** What a format does with mentions that have no place in the text. */
const UNPLACED: Partial<Readonly<Record<LinkFileFormat, string>>> = {
  displacy: "displaCy can show only mentions that are in the text and do not overlap, so they are left out",
  nif: "NIF has only mentions that are in the text, so they are left out",
  webannotation: "their annotations have only a quotation, without a position",
};

interface OutputFile extends AsyncDisposable, Pick<Sink, "isDone"> {
  append(line: string): Promise<void>;
  finish(): Promise<void>;
}

/**
 * Opens the output file. With `origin`, continues the existing file. Without `origin`, an existing file stays in place
 * until the first line is written. The existing file is then renamed to FILE.previous, and deleted when the new file is
 * complete.
 */
async function outputFile(
  context: Context,
  output: string,
  format: LinkFileFormat,
  origin?: Origin,
): Promise<OutputFile> {
  const continued = origin && (await continueLinks(output, origin));
  const resumed = continued && resumedCaptions(continued);
  let file: LineFile | undefined = continued;
  let finished = false;
  const open = async (): Promise<LineFile> => {
    await keepPrevious(output);
    return createLineFile(output);
  };
  return {
    ...(resumed ?? NOTHING_DONE),
    append: async (line) => {
      file ??= await open();
      await file.append(line);
    },
    finish: async () => {
      file ??= await open();
      await file.close();
      if (resumed?.isDisordered()) await arrangeLinks(output, resumed.captions);
      finished = true;
      const unknown = resumed?.unknown() ?? 0;
      if (unknown > 0) note(context, `${output} has ${counted(unknown, "caption")} ${UNKNOWN_HASH}`);
      if (await isFile(previous(output))) await rm(previous(output));
    },
    [Symbol.asyncDispose]: async () => {
      await file?.close();
      if (file === undefined || finished) return;
      const earlier = (await isFile(previous(output)))
        ? `; the previous output is in ${previous(output)}`
        : "";
      const next = format === "jsonl" ? "; use --resume to continue" : "";
      note(context, `${output} contains the finished links${next}${earlier}`);
    },
  };
}

const UNKNOWN_HASH =
  "linked by an earlier version of mmel, which did not store hashes; if they were edited, they were not linked again";

/** Compares the captions of the input with those of a continued output. */
function resumedCaptions({ hashes, outdated }: ContinuedLinks) {
  /** The hashes of the captions in the input, by id, in the order of the input. */
  const captions = new Map<string, string>();
  let isDisordered = outdated;
  let isAppending = false;
  let unknown = 0;
  return {
    captions,
    isDone(caption: Caption): boolean {
      const hash = captionHash(caption);
      captions.set(caption.id, hash);
      const known = hashes.get(caption.id);
      const isKnown = hashes.has(caption.id);
      const isDone = isKnown && (known === undefined || known === hash);
      if (isDone && known === undefined) unknown += 1;
      if (isDone ? isAppending : isKnown) isDisordered = true;
      isAppending ||= !isDone;
      return isDone;
    },
    /** Returns whether the lines of the output are in another order than the input, or include outdated links. */
    isDisordered: () => isDisordered,
    /** Returns the number of captions in the output without a hash. */
    unknown: () => unknown,
  };
}

const previous = (output: string): string => `${output}.previous`;

/**
 * Renames an existing output to FILE.previous. Does nothing if FILE.previous exists, because FILE.previous is then the
 * last complete output.
 */
async function keepPrevious(output: string): Promise<void> {
  if (!(await isFile(previous(output))) && (await isFile(output))) await rename(output, previous(output));
}

/** Returns whether `path` is a regular file. Symbolic links and devices must never be renamed. */
async function isFile(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isFile() ?? false;
}

/** Collects the links for a table. */
function tableSink(context: Context, { output }: SinkOptions): Sink {
  const linked: LinkedCaption[] = [];
  let omitted = 0;
  const write = async (): Promise<void> => {
    const text = linkTable(linked) + (omitted === 0 ? "" : `… and ${counted(omitted, "more caption")}\n`);
    if (output === undefined) await print(context, text);
    else await writeAtomically(output, [text]);
  };
  let finished = false;
  return {
    ...NOTHING_DONE,
    take: async (caption, links) => {
      if (linked.length < MAX_TABLE) linked.push({ caption, links });
      else omitted += 1;
    },
    finish: async () => {
      finished = true;
      await write();
      noteOmitted(context, "table", MAX_TABLE, omitted);
    },
    [Symbol.asyncDispose]: async () => {
      if (!finished && linked.length > 0) await write();
    },
  };
}

/** Writes an HTML page while the captions are linked. An existing file is replaced when the page is complete. */
async function pageSink(context: Context, options: SinkOptions): Promise<Sink> {
  const { output, remark } = options;
  const { linksPage } = await import("../formats/html/index.js");
  const embedder = await openEmbedder(context, options);
  /** Returns the copies of pictures. After an interruption, the page is completed without further pictures. */
  const embed: EmbedPictures | undefined =
    embedder &&
    ((paths) =>
      embedder.embed(paths).catch((error) => {
        if (context.signal.aborted) return new Map();
        throw error;
      }));
  const captions = new PassThrough({ objectMode: true, highWaterMark: 1 });
  let taken = 0;
  let written: Promise<void> | undefined;
  const start = (): Promise<void> => {
    const parts = linksPage("Links", captions, { embed, remark });
    const writing = output === undefined ? printLines(context, parts) : writeAtomically(output, parts);
    writing.catch(() => captions.destroy()); // the next call of take or end reports it
    return writing;
  };
  const end = async (): Promise<void> => {
    captions.end();
    await written;
  };
  return {
    ...NOTHING_DONE,
    take: async (caption, links) => {
      taken += 1;
      if (taken > MAX_PAGE) return;
      written ??= start();
      const accepted = new Promise<void>((resolve) => captions.write({ caption, links }, () => resolve()));
      await Promise.race([written, accepted]); // a failed page never accepts the caption
    },
    finish: async () => {
      written ??= start();
      await end();
      notePicturesLeftOut(context, embedder);
      noteOmitted(context, "page", MAX_PAGE, taken - MAX_PAGE);
    },
    [Symbol.asyncDispose]: async () => {
      if (!captions.destroyed) await end();
    },
  };
}

function noteOmitted(context: Context, what: string, most: number, omitted: number): void {
  if (omitted > 0)
    note(
      context,
      `the ${what} shows the first ${most} captions of ${most + omitted}. Use \`--format jsonl\` or \`--format csv\` for all of them.`,
    );
}

import { lstat, rename, rm } from "node:fs/promises";
import { type Caption, type CaptionLinks, MmelError, type OffsetUnit } from "../core/index.js";
import type { LinkedCaption } from "../formats/html/index.js";
import {
  continueLinks,
  createLineFile,
  formatOf,
  type LineFile,
  type LinkFileFormat,
  linkLines,
  type Origin,
  writeAtomically,
} from "../formats/index.js";
import type { Linker } from "../linker/index.js";
import { type Context, note, print } from "./context.js";
import { linkTable } from "./link-table.js";
import { embedder } from "./pictures.js";

export const LINK_FORMATS = ["jsonl", "table", "html", "csv", "displacy", "webannotation"] as const;
export type LinkFormat = (typeof LINK_FORMATS)[number];

export interface SinkOptions {
  readonly output?: string;
  readonly format?: LinkFormat;
  readonly offsets: OffsetUnit;
  readonly resume?: boolean;
  /** The folder of pictures, which a page shows. */
  readonly images?: string;
  /** A sentence more for a page. */
  readonly remark?: string;
}

/** Where links go, one caption after another. */
export interface Sink extends AsyncDisposable {
  /** Captions whose links stand in the output already. */
  readonly done: ReadonlySet<string>;
  take(caption: Caption, links: CaptionLinks): Promise<void>;
  /** Called once when all captions are through. */
  finish(): Promise<void>;
}

const NONE: ReadonlySet<string> = new Set();
/** A page for people; more than this nobody scrolls through, and a browser suffers. */
const MAX_PAGE = 2_000;

/** `CONFIG` when `--resume` is asked of an output that cannot be continued. */
export async function createSink(context: Context, linker: Linker, options: SinkOptions): Promise<Sink> {
  const format = options.format ?? formatByName(options.output);
  if (options.resume && (format !== "jsonl" || options.output === undefined)) {
    throw new MmelError("CONFIG", {
      what: "only a JSON Lines file can be continued",
      where: "--resume",
      hint: "--resume with --format jsonl and --output FILE",
    });
  }
  if (format === "table" || format === "html") return pageSink(context, format, options);
  return lineSink(context, linker, format, options);
}

function formatByName(output: string | undefined): LinkFormat {
  if (output !== undefined && /\.html?$/i.test(output)) return "html";
  return formatOf(output);
}

async function lineSink(
  context: Context,
  linker: Linker,
  format: LinkFileFormat,
  { output, offsets, resume }: SinkOptions,
): Promise<Sink> {
  const file =
    output === undefined ? undefined : await outputFile(context, output, resume ? linker : undefined);
  const write = (line: string): Promise<void> => file?.append(line) ?? print(context, line);
  let header = format === "csv";
  return {
    done: file?.ids ?? NONE,
    take: async ({ text }, links) => {
      const lines = linkLines([links], { format, offsets: { unit: offsets, textOf: () => text } });
      if (format === "csv") {
        const first = (await lines.next()).value;
        if (header) await write(first ?? "");
        header = false;
      }
      for await (const line of lines) await write(line);
    },
    finish: async () => file?.finish(),
    [Symbol.asyncDispose]: async () => file?.[Symbol.asyncDispose](),
  };
}

interface OutputFile extends AsyncDisposable {
  /** Captions whose links it holds already. */
  readonly ids: ReadonlySet<string>;
  append(line: string): Promise<void>;
  finish(): Promise<void>;
}

/**
 * The output, continued where an origin is given. Otherwise an earlier one stays as it is until there is something to
 * write, and then beside the new one until that is whole.
 */
async function outputFile(context: Context, output: string, origin?: Origin): Promise<OutputFile> {
  const continued = origin && (await continueLinks(output, origin));
  let file: LineFile | undefined = continued;
  let finished = false;
  const open = async (): Promise<LineFile> => {
    await setAside(output);
    return createLineFile(output);
  };
  return {
    ids: continued?.ids ?? NONE,
    append: async (line) => {
      file ??= await open();
      await file.append(line);
    },
    finish: async () => {
      file ??= await open();
      await file.close();
      finished = true;
      if (await isFile(previous(output))) await rm(previous(output));
    },
    [Symbol.asyncDispose]: async () => {
      await file?.close();
      if (file === undefined || finished) return;
      const earlier = (await isFile(previous(output)))
        ? `; the earlier output is in ${previous(output)}`
        : "";
      note(context, `${output} holds what was finished, and --resume goes on with it${earlier}`);
    },
  };
}

const previous = (output: string): string => `${output}.previous`;

/** Moves an earlier output aside; one that an interrupted run has set aside already stays the good one. */
async function setAside(output: string): Promise<void> {
  if (!(await isFile(previous(output))) && (await isFile(output))) await rename(output, previous(output));
}

/** A regular file itself: neither a link, nor a device, which must never be moved. */
async function isFile(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isFile() ?? false;
}

function pageSink(context: Context, format: "table" | "html", options: SinkOptions): Sink {
  const { output, remark } = options;
  const embed = embedder(context, options);
  const linked: LinkedCaption[] = [];
  let left = 0;
  const text = async (): Promise<string> => {
    if (format === "table") return linkTable(linked);
    const { linksPage, picturePaths } = await import("../formats/html/index.js");
    const pictures = await embed?.(picturePaths(linked));
    return linksPage(
      left === 0 ? "Links" : `Links: the first ${MAX_PAGE} captions, ${left} more left out`,
      linked,
      { pictures, ...(remark !== undefined && { remark }) },
    );
  };
  const write = async (): Promise<void> => {
    if (output === undefined) await print(context, await text());
    else await writeAtomically(output, [await text()]);
  };
  let finished = false;
  return {
    done: NONE,
    take: async (caption, links) => {
      if (linked.length < MAX_PAGE) linked.push({ caption, links });
      else left += 1;
    },
    finish: async () => {
      finished = true;
      await write();
    },
    [Symbol.asyncDispose]: async () => {
      if (!finished && linked.length > 0) await write();
    },
  };
}

import { lstat, rename, rm } from "node:fs/promises";
import { type Caption, type CaptionLinks, MmelError, type OffsetUnit } from "../core/index.js";
import type { LinkedCaption } from "../formats/html/index.js";
import {
  continueLinks,
  createLineFile,
  type LineFile,
  linkLines,
  writeAtomically,
} from "../formats/index.js";
import type { Linker } from "../linker/index.js";
import { type Context, print } from "./context.js";
import { linkTable } from "./link-table.js";

export type LinkFormat = "jsonl" | "table" | "html" | "csv";

export interface SinkOptions {
  readonly output?: string;
  readonly format?: LinkFormat;
  readonly offsets: OffsetUnit;
  readonly resume?: boolean;
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
  if (format === "table" || format === "html") return pageSink(context, format, options.output);
  return lineSink(context, linker, format, options);
}

function formatByName(output: string | undefined): LinkFormat {
  if (output !== undefined && /\.html?$/i.test(output)) return "html";
  return output !== undefined && /\.csv(\.gz)?$/i.test(output) ? "csv" : "jsonl";
}

async function lineSink(
  context: Context,
  linker: Linker,
  format: "jsonl" | "csv",
  { output, offsets, resume }: SinkOptions,
): Promise<Sink> {
  const kept = output === undefined || resume ? undefined : await setAside(output);
  const continued = resume && output !== undefined ? await continueLinks(output, linker) : undefined;
  const file: LineFile | undefined =
    continued ?? (output === undefined ? undefined : await createLineFile(output));
  const write = (line: string): Promise<void> => file?.append(line) ?? print(context, line);
  let header = format === "csv";
  return {
    done: continued?.ids ?? NONE,
    take: async ({ text }, links) => {
      const lines = linkLines([links], { format, offsets: { unit: offsets, textOf: () => text } });
      if (format === "csv") {
        const first = (await lines.next()).value;
        if (header) await write(first ?? "");
        header = false;
      }
      for await (const line of lines) await write(line);
    },
    finish: async () => {
      await file?.close();
      if (kept !== undefined) await rm(kept, { force: true });
    },
    [Symbol.asyncDispose]: async () => file?.close(),
  };
}

/**
 * Keeps an earlier output beside the new one until the new one is whole; one that an interrupted run has already set
 * aside stays the good one.
 */
async function setAside(output: string): Promise<string | undefined> {
  const kept = `${output}.previous`;
  if (await isFile(kept)) return kept;
  if (!(await isFile(output))) return undefined;
  await rename(output, kept);
  return kept;
}

/** A regular file itself: neither a link, nor a device, which must never be moved. */
async function isFile(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isFile() ?? false;
}

function pageSink(context: Context, format: "table" | "html", output: string | undefined): Sink {
  const linked: LinkedCaption[] = [];
  let left = 0;
  const text = async (): Promise<string> => {
    if (format === "table") return linkTable(linked);
    const { linksPage } = await import("../formats/html/index.js");
    return linksPage(
      left === 0 ? "Links" : `Links: the first ${MAX_PAGE} captions, ${left} more left out`,
      linked,
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

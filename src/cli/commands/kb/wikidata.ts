import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import type { DumpProgress, WikidataReport, WikidataSettings } from "../../../datasets/wikidata/index.js";
import { type Context, note } from "../../context.js";
import { type Progress, timeLeft } from "../../progress.js";
import type { Reading } from "./read-all.js";
import type { WikidataCommandOptions } from "./wikidata-options.js";

/** Reads Wikidata's dumps and answers for an import. */
export async function readWikidata(
  context: Context,
  files: readonly string[],
  options: WikidataCommandOptions & { readonly kb: string },
  progress: Progress,
): Promise<Reading> {
  const { openWikidata } = await import("../../../datasets/wikidata/index.js");
  const folder = resolve(options.workDir ?? workFolder(options.kb));
  const reader = openWikidata(files, {
    settings: await settingsOf(options, context.signal),
    folder,
    resume: options.resume ?? false,
    signal: context.signal,
    onProgress: progressOf(progress),
    onStartOver: () =>
      note(context, `starts over; what an interrupted import left in ${folder} is thrown away`),
  });
  return {
    reads: reader.entities(),
    file: () => files.join(", "),
    async finish() {
      await reader.finish();
      const report = reader.report();
      warn(context, report);
      const { notFound, moved, ...figures } = report;
      const counts = { notFound: notFound.length, moved: moved.length };
      return { figures: { wikidata: { ...figures, ...counts } }, text: textOf(report) };
    },
  };
}

/** Beside the knowledge base; for one on a server in the working directory. */
function workFolder(kb: string): string {
  if (!/^[a-z]+:\/\//i.test(kb)) return `${kb.replace(/[/\\]+$/, "")}.wikidata`;
  return `wikidata-${createHash("sha256").update(kb).digest("hex").slice(0, 8)}`;
}

async function settingsOf(options: WikidataCommandOptions, signal: AbortSignal): Promise<WikidataSettings> {
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
  let first: { readonly read: DumpProgress; readonly at: number } | undefined;
  return (read) => {
    first ??= { read, at: performance.now() };
    progress.update(read.taken, farAs(read, first.read, (performance.now() - first.at) / 1000));
  };
}

/** How far the files are read, how fast, and how long it will take, by what was read since the first look. */
function farAs({ file, share, bytes }: DumpProgress, first: DumpProgress, seconds: number): string {
  const rate = seconds > 0 ? (bytes - first.bytes) / 1e6 / seconds : 0;
  const part = share === undefined ? "" : `${(100 * share).toFixed(1)} % read, `;
  const left = share === undefined ? "" : timeLeft(share, first.share ?? 0, seconds);
  return `${part}${basename(file)}, ${rate.toFixed(0)} MB/s${left === "" ? "" : `, ${left}`}`;
}

function warn(context: Context, { notFound, moved, nameless, missing }: WikidataReport): void {
  const left = moved.filter(({ taken }) => !taken);
  const now = ({ from, to }: WikidataReport["moved"][number]): string => `${from} is now ${to}`;
  if (moved.length > left.length) {
    const taken = moved.filter(({ taken }) => taken);
    note(context, `${taken.length} listed ids are redirects: ${someOf(taken.map(now))}`);
  }
  if (left.length > 0)
    note(
      context,
      `${left.length} listed ids are redirects to items that are not taken: ${someOf(left.map(now))}; list the new ids`,
    );
  if (notFound.length > 0)
    note(context, `${notFound.length} listed ids are in none of the files: ${someOf(notFound)}`);
  if (missing > 0) note(context, `${missing} entities are deleted or never were`);
  if (nameless > 0) note(context, `${nameless} entities have no name in these languages and are left out`);
}

const someOf = (ids: readonly string[]): string => ids.slice(0, 5).join(", ") + (ids.length > 5 ? ", …" : "");

function textOf({ lines, bytes, redirects, unresolved, seconds }: WikidataReport): string {
  const count = (number: number): string => number.toLocaleString("en");
  return (
    `read ${count(lines)} lines (${count(Math.round(bytes / 1e6))} MB) in ${seconds.read.toFixed(1)} s, labels of references in ` +
    `${seconds.labels.toFixed(1)} s; ${count(redirects)} redirects, ${count(unresolved)} items referred to without a label\n`
  );
}

import type { Command } from "commander";
import { captionHash } from "../../core/caption-hash.js";
import { type Caption, counted, MmelError } from "../../core/index.js";
import { createLineFile } from "../../formats/output.js";
import { type CaptionFlags, captionReader, withCaptionOptions } from "../captions.js";
import { type Context, note, print } from "../context.js";
import { nameOf, openInput, refuseOverwriting, rejectedFrom, sourceOf, valuesOf } from "../input.js";
import { type LinkerFlags, openCommandLinker } from "../linker.js";
import { integer, jsonOption, withLinkerOptions } from "../options.js";
import { notePicturesUnused, openCommandPictures, type PictureOptions } from "../pictures.js";
import { createProgress } from "../progress.js";
import type { Relinked } from "../relink-captions.js";
import { createComparison, summaryOf } from "../relink-report.js";

interface RelinkOptions extends PictureOptions, LinkerFlags, CaptionFlags {
  readonly kb: string;
  readonly since?: string;
  readonly decisions?: string;
  readonly output?: string;
  readonly report?: string;
  readonly json?: boolean;
}

export function installRelink(program: Command, context: Context): void {
  withCaptionOptions(withLinkerOptions(program.command("relink")))
    .description("Link captions again after an update of the knowledge base, and report what changed")
    .argument("<links>", "the old links: JSON Lines as `mmel link` writes them, optionally gzipped")
    .argument(
      "[captions]",
      "the captions of these links, if they were edited (default: the captions that the links record)",
    )
    .option(
      "--since <target>",
      "the knowledge base that the old links come from; links again only captions that the difference is likely to change",
    )
    .option(
      "--decisions <file>",
      "captions with confirmed decisions in `gold`, as the review page exports them (default: <captions>)",
    )
    .option("--top-k <n>", "number of candidates to list per mention", integer(1), 5)
    .option("--detect", "detect the names in captions without mentions")
    .option("--output <file>", "file to write the new links to (default: standard output)")
    .option("--report <file>", "file to write the changed links and contradicted decisions to, as JSON Lines")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Use the options of the first run. Without --since, every caption is linked again, and the new links are those of
\`mmel link\` to the byte. With --since, other captions keep their links, so the command is faster; see docs/updating.md.

A line of the report is { id, mention, start, end, change, before, after, removed, contradicted }. change is lost, gained,
changed, or same if only a decision is contradicted. --json prints the counts and needs --output.

Examples:
  mmel relink links.jsonl --kb ./people --output new.jsonl --report changes.jsonl
  mmel relink links.jsonl edited-captions.jsonl --kb ./people --output new.jsonl
  mmel relink links.jsonl --kb ./people --since ./people-october --output new.jsonl
  mmel relink links.jsonl --kb ./people --decisions reviewed.jsonl --report changes.jsonl > new.jsonl`,
    )
    .action((links: string, captions: string | undefined, options: RelinkOptions) =>
      relink(context, links, captions, options),
    );
}

async function relink(
  context: Context,
  links: string,
  captions: string | undefined,
  options: RelinkOptions,
): Promise<void> {
  const { openLinksIndex } = await import("../../formats/index.js");
  const { openStore } = await import("../../kb/index.js");
  const { compareVersions } = await import("../../linker/index.js");
  const { createSink } = await import("../link-sink.js");
  const { captionsInLinks, oldLinksReader, relinkCaptions } = await import("../relink-captions.js");
  const { since, decisions, output, report, detect = false, offsets } = options;
  const { signal } = context;
  if (options.json && output === undefined)
    throw new MmelError("USAGE", {
      what: "--json needs --output",
      hint: "Add `--output FILE` for the links.",
    });
  const source = captions === undefined ? links : sourceOf(context, captions);
  const given = [captions === undefined ? [] : source, decisions ?? []].flat();
  await refuseOverwriting([links, ...given], {
    "--output": output,
    "--report": report,
    "--rejects": options.rejects,
  });
  const { read } = await captionReader(context, options, given);
  await using index = await openLinksIndex(links);
  await using store = await openStore(options.kb, { signal });
  await using pictures = await openCommandPictures(context, options);
  await using linker = await openCommandLinker(context, store, pictures, options);
  notePicturesUnused(context, pictures, linker.model);
  await using before = since === undefined ? undefined : await openStore(since, { signal });
  const difference = before && (await compareVersions(before, store, signal));
  await using input = openInput(context, options);
  await using sink = await createSink(context, linker, {
    offsets,
    format: "jsonl",
    ...(output && { output }),
  });
  await using reportFile = report === undefined ? undefined : await createLineFile(report);
  using progress = createProgress(context, "captions");

  const comparison = createComparison(
    store,
    decisions === undefined
      ? (caption) => caption
      : await decisionsIn(valuesOf(input.accept(read(decisions), decisions))),
  );
  const totals = { captions: 0, again: 0, added: 0, dropped: index.size };
  const take = async ({ caption, old, links, isNew }: Relinked): Promise<void> => {
    totals.captions += 1;
    if (isNew) totals.again += 1;
    if (old === undefined) totals.added += 1;
    else
      for (const finding of await comparison.findings(caption, old, links))
        await reportFile?.append(`${JSON.stringify(finding)}\n`);
    await sink.take(caption, links);
    progress.update(totals.captions);
  };
  const reads = captions === undefined ? captionsInLinks(links, { offsets, detect, signal }) : read(source);
  const readOld = oldLinksReader(index, linker, before, offsets);
  await relinkCaptions(linker, input.accept(reads, nameOf(source)), {
    oldLinks: async (caption) => {
      const old = await readOld(caption);
      if (old !== undefined) totals.dropped -= 1;
      return old;
    },
    isKept: async (caption, old) =>
      difference !== undefined &&
      old.captionHash === captionHash(caption) &&
      !(await difference.isAffected(caption, old, detect)),
    take,
    reject: (caption, error) => input.reject(rejectedFrom(caption, error, nameOf(source))),
    signal,
  });
  await sink.finish();
  progress[Symbol.dispose]();
  const { counts } = comparison;
  if (totals.dropped > 0)
    note(
      context,
      `left out the links of ${counted(totals.dropped, "caption")} that ${nameOf(source)} does not contain`,
    );
  if (options.json)
    await print(context, `${JSON.stringify({ kb: linker.kb, model: linker.model, ...totals, ...counts })}\n`);
  const found = counts.lost + counts.gained + counts.changed + counts.contradicted;
  const more = report === undefined && found > 0 ? "; use --report FILE to list them" : "";
  note(context, `${summaryOf(counts, totals.captions, totals.again)}${more}`);
}

/** Returns a function that returns the reviewed caption with the same id as a caption. Keeps the captions in memory. */
async function decisionsIn(
  reviewed: AsyncIterable<Caption>,
): Promise<(caption: Caption) => Caption | undefined> {
  const decided = new Map<string, Caption>();
  for await (const caption of reviewed) decided.set(caption.id, caption);
  return ({ id }) => decided.get(id);
}

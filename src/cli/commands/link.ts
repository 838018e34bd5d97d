import { type Command, Option } from "commander";
import { type Caption, counted } from "../../core/index.js";
import { type CaptionFlags, captionReader, withCaptionOptions } from "../captions.js";
import { type Context, note } from "../context.js";
import {
  type Accepted,
  countLines,
  type LinedCaption,
  nameOf,
  openInput,
  refuseOverwriting,
  rejectedFrom,
  sourceOf,
} from "../input.js";
import { type LinkerFlags, openCommandLinker } from "../linker.js";
import { integer, LINK_FORMATS, type LinkOutputFormat, withLinkerOptions } from "../options.js";
import { notePicturesUnused, openCommandPictures, type PictureOptions } from "../pictures.js";
import { createProgress } from "../progress.js";

interface LinkOptions extends PictureOptions, LinkerFlags, CaptionFlags {
  readonly kb: string;
  readonly output?: string;
  readonly format?: LinkOutputFormat;
  readonly resume?: boolean;
}

export function installLink(program: Command, context: Context): void {
  withCaptionOptions(withLinkerOptions(program.command("link")))
    .description("Link the mentions in captions to the entities of a knowledge base")
    .argument(
      "[file]",
      'captions as JSON Lines, CSV, TSV, Excel (XLSX) or NIF (Turtle), optionally gzipped; "-" or omitted: standard input',
    )
    .option("--top-k <n>", "number of candidates to list per mention", integer(1), 5)
    .option("--detect", "detect the names in captions without mentions")
    .option("--output <file>", "file to write (default: standard output)")
    .addOption(
      new Option(
        "--format <format>",
        "output format (default: from the name of the output file, otherwise jsonl)",
      ).choices(LINK_FORMATS),
    )
    .option(
      "--resume",
      "continue the output of an interrupted run, and link edited captions again; requires the same options",
    )
    .addHelpText(
      "after",
      `
Examples:
  mmel link captions.jsonl --kb ./people --output links.jsonl
  mmel link captions.jsonl --kb ./people --images ./photos --output links.jsonl
  mmel link captions.xlsx --kb ./people --detect --format html --output links.html
  echo '{"id":"1","text":"Dietrich in 1930"}' | mmel link --kb ./people --detect --format table
  mmel link captions.jsonl --kb ./people --output links.jsonl --resume
  mmel link captions.ttl --kb ./people --output links.ttl`,
    )
    .action((file: string | undefined, options: LinkOptions) => link(context, file, options));
}

async function link(context: Context, file: string | undefined, options: LinkOptions): Promise<void> {
  const { createSink } = await import("../link-sink.js");
  const source = sourceOf(context, file);
  const { read } = await captionReader(context, options, [source]);
  await refuseOverwriting([source], { "--output": options.output, "--rejects": options.rejects });
  await using pictures = await openCommandPictures(context, options);
  await using linker = await openCommandLinker(context, options.kb, pictures, options);
  const remark = notePicturesUnused(context, pictures, linker.model);
  await using input = openInput(context, options);
  await using sink = await createSink(context, linker, {
    ...options,
    ...(remark !== undefined && { remark }),
  });
  const total = await countLines(context, source);
  using progress = createProgress(context, "captions", total);

  let done = 0;
  /** Yields the captions whose links are not in the output yet, or were linked before the caption was edited. */
  async function* unlinked(records: AsyncIterable<Accepted<Caption>>): AsyncGenerator<LinedCaption> {
    for await (const { value: caption, line, node } of records)
      if (sink.isDone(caption)) done += 1;
      else yield { ...caption, line, ...(node !== undefined && { node }) };
  }
  const captions = unlinked(input.accept(read(source), nameOf(source)));
  for await (const { caption, links, error } of linker.linkAll(captions, { signal: context.signal })) {
    if (error !== undefined) {
      await input.reject(rejectedFrom(caption, error, nameOf(source)));
      continue;
    }
    await sink.take(caption, links);
    progress.update(++done);
  }
  await sink.finish();
  if (options.output !== undefined)
    note(context, `${options.output} contains the links of ${counted(done, "caption")}`);
}

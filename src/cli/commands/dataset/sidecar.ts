import type { Command } from "commander";
import { type Caption, counted, MmelError, throwIfAborted } from "../../../core/index.js";
import type { Person } from "../../../datasets/pictures/index.js";
import { type CaptionFlags, captionReader, withCaptionOptions } from "../../captions.js";
import { type Context, print } from "../../context.js";
import { openInput, refuseOverwriting, valuesOf } from "../../input.js";
import { jsonOption, number } from "../../options.js";
import { createProgress } from "../../progress.js";

interface SidecarOptions extends CaptionFlags {
  readonly images: string;
  readonly captions?: string;
  readonly minProbability: number;
  readonly idPrefix: string;
  readonly json?: boolean;
}

export function installSidecar(dataset: Command, context: Context): void {
  withCaptionOptions(dataset.command("sidecar"))
    .description("Write linked people to XMP sidecar files (PICTURE.xmp next to each picture)")
    .argument("<links>", "output of `mmel link`")
    .requiredOption("--images <dir>", "folder with the pictures")
    .option(
      "--captions <file>",
      "captions file with the path of each caption's picture (default: the caption's id is the path)",
    )
    .option(
      "--min-probability <p>",
      "ignore links with a lower probability and, unless it is 0, links without a probability",
      number(0),
      0,
    )
    .option("--id-prefix <iri>", "prefix for entity ids, such as http://www.wikidata.org/entity/", "")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Writes each linked entity, with id and name, as a person to PersonInImageWDetails (IPTC). Use this command only for links
to people. Everything else in a sidecar stays unchanged. A sidecar is rejected if another program wrote people to this field.

Example:
  mmel dataset sidecar links.jsonl --images ./photos --min-probability 0.9`,
    )
    .action((links: string, options: SidecarOptions) => sidecars(context, links, options));
}

async function sidecars(context: Context, links: string, options: SidecarOptions): Promise<void> {
  const { readLinks } = await import("../../../formats/index.js");
  const { personsByImage } = await import("../../../datasets/pictures/index.js");
  const { realFolder } = await import("../../../pictures/safe-path.js");
  const folder = await realFolder(options.images);
  const { captions } = options;
  const given = captions === undefined ? [] : [captions];
  await refuseOverwriting([links, ...given], { "--rejects": options.rejects });
  const { read } = await captionReader(context, options, given);
  await using input = openInput(context, options);
  const { signal } = context;
  const images =
    captions === undefined ? undefined : await imagesOf(valuesOf(input.accept(read(captions), captions)));
  const reads = readLinks(links, { signal });
  const persons = await personsByImage(valuesOf(input.accept(reads, links)), {
    imageOf: (caption) => (images === undefined ? caption : images.get(caption)),
    minProbability: options.minProbability,
  });
  using progress = createProgress(context, "pictures", persons.size);
  const counts = { written: 0, unchanged: 0, none: 0 };
  let line = 0;
  for (const [image, shown] of persons) {
    throwIfAborted(signal);
    const outcome = await write(folder, image, shown, options.idPrefix).catch((error: unknown) => error);
    progress.update(++line);
    if (outcome instanceof MmelError)
      await input.reject({ kind: "rejected", line, id: image, error: outcome, excerpt: "" });
    else if (typeof outcome !== "string") throw outcome;
    else counts[outcome as keyof typeof counts]++;
  }
  progress[Symbol.dispose]();
  const { written, unchanged, none } = counts;
  await print(
    context,
    options.json
      ? `${JSON.stringify({ pictures: persons.size, ...counts, rejected: input.rejected() })}\n`
      : `Wrote ${counted(written, "sidecar")}; ${unchanged} unchanged, ${counted(none, "picture")} without a linked person.\n`,
  );
}

async function write(folder: string, image: string, persons: readonly Person[], prefix: string) {
  const { writeSidecar } = await import("../../../datasets/pictures/index.js");
  const { fileBelow } = await import("../../../pictures/safe-path.js");
  const named = persons.map(({ id, name }) => ({ id: prefix + id, name }));
  try {
    return await writeSidecar(await fileBelow(folder, image), named);
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    throw new MmelError(error.code, { ...error.detail, where: image });
  }
}

async function imagesOf(captions: AsyncIterable<Caption>): Promise<Map<string, string>> {
  const images = new Map<string, string>();
  for await (const { id, image } of captions) if (image !== undefined) images.set(id, image);
  return images;
}

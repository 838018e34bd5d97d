import type { Command } from "commander";
import { type Caption, counted, MmelError } from "../../../core/index.js";
import { writeAtomically } from "../../../formats/output.js";
import { type Context, note, print, printLines } from "../../context.js";
import { openInput, valuesOf } from "../../input.js";
import { jsonOption, onErrorOption, rejectsOption } from "../../options.js";
import { createProgress, type Progress } from "../../progress.js";

interface CaptionsOptions {
  readonly output?: string;
  readonly language?: string;
  readonly onError: "skip" | "fail";
  readonly rejects?: string;
  readonly json?: boolean;
}

export function installCaptions(dataset: Command, context: Context): void {
  dataset
    .command("captions")
    .description("Extract captions from the XMP, IPTC and EXIF metadata of pictures and from XMP sidecars")
    .argument("<images-dir>", "folder of pictures, including its subfolders")
    .option("--output <file>", "file to write (default: standard output)")
    .option(
      "--language <tag>",
      "preferred language, such as de, if a picture has descriptions in several languages",
    )
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The text of a caption is the picture's description, otherwise its headline, otherwise the names of the people shown.
The mentions are the people shown, including people in face regions. Texts that the camera wrote are ignored.

Examples:
  mmel dataset captions ./photos --output captions.jsonl
  mmel link captions.jsonl --kb ./people --images ./photos --output links.jsonl
  mmel dataset sidecar links.jsonl --images ./photos`,
    )
    .action((dir: string, options: CaptionsOptions) => captions(context, dir, options));
}

async function captions(context: Context, dir: string, options: CaptionsOptions): Promise<void> {
  const { captionLines } = await import("../../../formats/index.js");
  const { pictureCaptions } = await import("../../../datasets/pictures/index.js");
  const { realFolder } = await import("../../../pictures/safe-path.js");
  const { output, language, json } = options;
  if (json && output === undefined)
    throw new MmelError("USAGE", {
      what: "--json needs --output; without it, the captions are written to standard output",
      where: "mmel dataset captions",
      hint: "Add `--output FILE`.",
    });
  const folder = await realFolder(dir);
  await using input = openInput(context, options);
  using progress = createProgress(context, "pictures");
  const counts = { captions: 0, mentions: 0 };
  const reads = pictureCaptions(folder, {
    ...(language !== undefined && { language }),
    signal: context.signal,
  });
  const lines = captionLines(tallied(valuesOf(input.accept(reads, dir)), counts, progress));
  if (output === undefined) return await printLines(context, lines);
  await writeAtomically(output, lines);
  progress[Symbol.dispose]();
  if (json) await print(context, `${JSON.stringify({ ...counts, rejected: input.rejected(), output })}\n`);
  else
    note(
      context,
      `wrote ${counted(counts.captions, "caption")} with ${counted(counts.mentions, "person", "people")} to ${output}`,
    );
}

async function* tallied(
  captions: AsyncIterable<Caption>,
  counts: { captions: number; mentions: number },
  progress: Progress,
): AsyncGenerator<Caption> {
  for await (const caption of captions) {
    progress.update(++counts.captions);
    counts.mentions += caption.mentions.length;
    yield caption;
  }
}

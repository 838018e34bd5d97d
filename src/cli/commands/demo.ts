import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import type { Caption, CaptionLinks, Entity, MentionLink } from "../../core/index.js";
import { isAsAnnotated, type LinkedCaption } from "../../formats/html/index.js";
import { linkLines, type Read, readCaptions, readEntities, writeAtomically } from "../../formats/index.js";
import type { Linker } from "../../linker/index.js";
import { type Context, print } from "../context.js";
import { linkTable } from "../link-table.js";
import { createProgress } from "../progress.js";

const DEMO = fileURLToPath(new URL("../../../demo/", import.meta.url));

export function installDemo(program: Command, context: Context): void {
  program
    .command("demo")
    .description(
      "import a small knowledge base, link captions that are hard to tell apart, and show what happened",
    )
    .option("--output <dir>", "where the knowledge base, the links and the report go", "mmel-demo")
    .option("--model <name|dir>", "another model than the default")
    .addHelpText("after", "\nExample:\n  mmel demo --output ./demo")
    .action((options: { output: string; model?: string }) => demo(context, options));
}

async function demo(context: Context, { output, model }: { output: string; model?: string }): Promise<void> {
  const { createLinker, importKb } = await import("../../linker/index.js");
  const kb = join(output, "kb");
  const manifest = await importKb(kb, values<Entity>(readEntities(join(DEMO, "entities.jsonl"))), {
    name: "demo",
    signal: context.signal,
  });
  await print(context, `${manifest.entities} entities imported into ${kb}\n`);

  await using linker = await createLinker({ kb, ...(model !== undefined && { model }) });
  const captions: Caption[] = [];
  for await (const caption of values<Caption>(readCaptions(join(DEMO, "captions.jsonl"))))
    captions.push(caption);
  const linked = await linkTogetherAndAlone(context, linker, captions);

  const { linksPage } = await import("../../formats/html/index.js");
  await writeAtomically(join(output, "links.jsonl"), linkLines(linked.map(({ links }) => links)));
  await writeAtomically(join(output, "report.html"), [
    linksPage("What the names in these captions mean", linked),
  ]);
  await print(
    context,
    `${captions.length} captions linked with ${linker.model}\n\n${linkTable(linked)}\n${summary(linked)}${howToRead(output)}`,
  );
}

/** Links captions whole, and every name of them as if it stood there alone, to show what the other names changed. */
async function linkTogetherAndAlone(
  context: Context,
  linker: Linker,
  captions: readonly Caption[],
): Promise<LinkedCaption[]> {
  const alone = captions.flatMap((caption) =>
    caption.mentions.map((mention) => ({ ...caption, mentions: [mention] })),
  );
  using progress = createProgress(context, "captions", captions.length + alone.length);
  const all: CaptionLinks[] = [];
  for await (const links of linker.linkAll([...captions, ...alone], { signal: context.signal })) {
    all.push(links);
    progress.update(all.length);
  }
  const separate = all.slice(captions.length).flatMap(({ mentions }) => mentions);
  return captions.map((caption, at) => {
    const links = all[at]!;
    const apart = separate.splice(0, caption.mentions.length);
    return {
      caption,
      links: { ...links, mentions: links.mentions.map((link, i) => compared(link, apart[i]!)) },
    };
  });
}

/** The link, with the entity that the name alone would have been linked to when that is another. */
function compared(
  { independent: _, ...link }: MentionLink,
  { candidates: [alone] }: MentionLink,
): MentionLink {
  const changed = alone !== undefined && alone.entity.id !== link.candidates[0]?.entity.id;
  return changed ? { ...link, independent: alone.entity } : link;
}

async function* values<T>(reads: AsyncIterable<Read<T>>): AsyncGenerator<T> {
  for await (const read of reads) {
    if (read.kind === "rejected") throw read.error;
    yield read.value;
  }
}

function summary(linked: readonly LinkedCaption[]): string {
  const mentions = linked.flatMap(({ links }) => links.mentions);
  const right = mentions.filter(isAsAnnotated).length;
  const changed = mentions.filter(({ independent }) => independent !== undefined).length;
  return `${right} of ${mentions.length} names linked as annotated; the other names of the caption decided ${changed}\n`;
}

const howToRead = (
  output: string,
): string => `score: how well it fits (→ with what the caption's other names add); prob.: how often such a link is right;
✓ ✗: as annotated or not; alone: what the name would have been linked to without the caption's other names
open ${join(output, "report.html")} in a browser; the links are in ${join(output, "links.jsonl")}
`;

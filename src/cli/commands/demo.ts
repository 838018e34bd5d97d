import { join } from "node:path";
import type { Command } from "commander";
import type { Caption, CaptionLinks, MentionLink } from "../../core/index.js";
import { isAsAnnotated, type LinkedCaption } from "../../formats/html/index.js";
import { linkLines, writeAtomically } from "../../formats/index.js";
import type { Linker } from "../../linker/index.js";
import { type Context, print } from "../context.js";
import { linkTable } from "../link-table.js";
import { embedder, openCommandPictures, PICTURES_UNUSED } from "../pictures.js";
import { createProgress } from "../progress.js";

interface DemoOptions {
  readonly output: string;
  readonly model?: string;
  readonly imageEncoder?: string;
}

export function installDemo(program: Command, context: Context): void {
  program
    .command("demo")
    .description(
      "import a small knowledge base, link captions that are hard to tell apart, and show what happened",
    )
    .option("--output <dir>", "where the knowledge base, the links and the report go", "mmel-demo")
    .option("--model <name|dir>", "another model than the default")
    .option("--image-encoder <name|dir>", "where the model's image encoder is, if it did not come with mmel")
    .addHelpText("after", "\nExample:\n  mmel demo --output ./demo")
    .action((options: DemoOptions) => demo(context, options));
}

async function demo(context: Context, { output, model, imageEncoder }: DemoOptions): Promise<void> {
  const { createLinker, importKb } = await import("../../linker/index.js");
  const { DEMO_IMAGES, demoCaptions, demoCredits, demoEntities } = await import("../demo-files.js");
  const kb = join(output, "kb");
  const manifest = await importKb(kb, demoEntities(), { name: "demo", signal: context.signal });
  await print(context, `${manifest.entities} entities imported into ${kb}\n`);

  const features = join(output, "vectors");
  const options = { images: DEMO_IMAGES, features, ...(imageEncoder !== undefined && { imageEncoder }) };
  await using pictures = await openCommandPictures(context, options);
  await using linker = await createLinker({
    kb,
    ...(model !== undefined && { model }),
    ...(pictures !== undefined && { images: pictures }),
  });
  const captions = await demoCaptions();
  const sees = pictures?.used() ?? false;
  const linked = await linkInAllWays(context, linker, captions, sees);

  const { linksPage, picturePaths } = await import("../../formats/html/index.js");
  await writeAtomically(join(output, "links.jsonl"), linkLines(linked.map(({ links }) => links)));
  await writeAtomically(join(output, "report.html"), [
    linksPage("What the names in these captions mean", linked, {
      pictures: await embedder(context, options)?.(picturePaths(linked)),
      credits: await demoCredits(),
      ...(!sees && { remark: PICTURES_UNUSED }),
    }),
  ]);
  await print(
    context,
    `${captions.length} captions linked with ${linker.model}\n\n${linkTable(linked)}\n${summary(linked, sees)}${howToRead(output)}`,
  );
}

/**
 * Links captions whole; every name of them as if it stood there alone; and, for a model that sees, those with a picture
 * without it: to show what the other names and the pictures changed.
 */
async function linkInAllWays(
  context: Context,
  linker: Linker,
  captions: readonly Caption[],
  sees: boolean,
): Promise<LinkedCaption[]> {
  const ways = captions.map((whole) => ({
    whole,
    alone: whole.mentions.map((mention): Caption => ({ ...whole, mentions: [mention] })),
    blind: sees && whole.image !== undefined ? withoutPicture(whole) : undefined,
  }));
  const all = [
    ...captions,
    ...ways.flatMap(({ alone }) => alone),
    ...ways.flatMap(({ blind }) => blind ?? []),
  ];
  using progress = createProgress(context, "captions", all.length);
  const found = new Map<Caption, CaptionLinks>();
  for await (const { caption, links, error } of linker.linkAll(all, { signal: context.signal })) {
    if (error !== undefined) throw error;
    found.set(caption, links);
    progress.update(found.size);
  }
  return ways.map(({ whole, alone, blind }) => {
    const links = found.get(whole)!;
    const own = alone.flatMap((caption) => found.get(caption)!.mentions);
    return {
      caption: whole,
      links: { ...links, mentions: links.mentions.map((link, i) => compared(link, own[i]!)) },
      ...(blind !== undefined && { blind: found.get(blind)! }),
    };
  });
}

const withoutPicture = ({ image: _, ...caption }: Caption): Caption => caption;

/** The link, with the entity that the name alone would have been linked to when that is another. */
function compared(
  { independent: _, ...link }: MentionLink,
  { candidates: [alone] }: MentionLink,
): MentionLink {
  const changed = alone !== undefined && alone.id !== link.candidates[0]?.id;
  return changed ? { ...link, independent: alone.entity } : link;
}

function summary(linked: readonly LinkedCaption[], sees: boolean): string {
  const mentions = linked.flatMap(({ links }) => links.mentions);
  const changed = mentions.filter(({ independent }) => independent !== undefined).length;
  const all = `${right(linked)} of ${mentions.length} names linked as annotated; the other names of the caption decided ${changed}\n`;
  const pictured = linked.filter(({ caption }) => caption.image !== undefined);
  const names = pictured.flatMap(({ links }) => links.mentions).length;
  const share = `of the ${names} names that a picture decides`;
  if (!sees)
    return `${all}${share}, ${right(pictured)} linked as annotated: this model does not look at pictures\n`;
  const unseen = right(pictured, ({ blind }) => blind);
  return `${all}${share}, ${right(pictured)} linked as annotated with it, ${unseen} without it\n`;
}

/** How many mentions are linked as annotated in one of the ways. */
function right(
  linked: readonly LinkedCaption[],
  way: (of: LinkedCaption) => CaptionLinks | undefined = ({ links }) => links,
): number {
  return linked.flatMap((of) =>
    (way(of)?.mentions ?? []).filter((link, at) => isAsAnnotated(link, of.caption.mentions[at]?.gold)),
  ).length;
}

const howToRead = (
  output: string,
): string => `score: how well it fits (→ with what the caption's other names add); prob.: how often such a link is right;
✓ ✗: as annotated or not; alone, unseen: what it would have been linked to without the caption's other names, without its picture
open ${join(output, "report.html")} in a browser; the links are in ${join(output, "links.jsonl")}
`;

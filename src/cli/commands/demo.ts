import { join } from "node:path";
import type { Command } from "commander";
import { type Caption, type CaptionLinks, counted, isAsAnnotated, MmelError } from "../../core/index.js";
import type { LinkedCaption } from "../../formats/html/index.js";
import { writeAtomically } from "../../formats/output.js";
import type { Linker } from "../../linker/index.js";
import { type Context, print } from "../context.js";
import { openCommandPictures, openEmbedder, PICTURES_UNUSED } from "../pictures.js";
import { createProgress } from "../progress.js";

interface DemoOptions {
  readonly output: string;
  readonly model?: string;
  readonly imageEncoder?: string;
}

export function installDemo(program: Command, context: Context): void {
  program
    .command("demo")
    .description("Import a small knowledge base, link captions with ambiguous names, and show the results")
    .option("--output <dir>", "folder for the knowledge base, the links and the report", "mmel-demo")
    .option("--model <name|dir>", "model to use instead of the default")
    .option("--image-encoder <name|dir>", "image encoder for a model whose encoder is not bundled")
    .addHelpText("after", "\nExample:\n  mmel demo --output ./demo")
    .action((options: DemoOptions) => demo(context, options));
}

async function demo(context: Context, { output, model, imageEncoder }: DemoOptions): Promise<void> {
  const { createLinker, importKb } = await import("../../linker/index.js");
  const { DEMO_IMAGES, demoCaptions, demoCredits, demoEntities } = await import("../demo-files.js");
  const kb = join(output, "kb");
  const manifest = await importKb(kb, demoEntities(), {
    name: "demo",
    replace: false,
    signal: context.signal,
  }).catch((error: unknown) => {
    if (!(error instanceof MmelError) || error.code !== "KB_REPLACE") throw error;
    throw new MmelError(error.code, { ...error.detail, hint: "Choose another folder with `--output`." });
  });
  await print(context, `Imported ${counted(manifest.entities, "entity", "entities")} into ${kb}.\n`);

  const features = join(output, "vectors");
  const options = { images: DEMO_IMAGES, features, ...(imageEncoder !== undefined && { imageEncoder }) };
  await using pictures = await openCommandPictures(context, options);
  await using linker = await createLinker({
    kb,
    ...(model !== undefined && { model }),
    ...(pictures !== undefined && { images: pictures }),
  });
  const captions = await demoCaptions();
  const usesPictures = pictures?.used() ?? false;
  const linked = await linkWithComparisons(context, linker, captions, usesPictures);

  const { linksPage } = await import("../../formats/html/index.js");
  const { linkLines } = await import("../../formats/index.js");
  const { linkTable } = await import("../link-table.js");
  await writeAtomically(join(output, "links.jsonl"), linkLines(linked.map(({ links }) => links)));
  await writeAtomically(
    join(output, "report.html"),
    linksPage("What the names in these captions mean", linked, {
      embed: (await openEmbedder(context, options))?.embed,
      credits: await demoCredits(),
      ...(!usesPictures && { remark: PICTURES_UNUSED }),
    }),
  );
  await print(
    context,
    `Linked ${counted(captions.length, "caption")} with ${linker.model}.\n\n${linkTable(linked)}\n${summary(linked, usesPictures)}${howToRead(output)}`,
  );
}

/**
 * Links the captions. If the model uses pictures, links the captions with pictures a second time, without their
 * pictures, to show what the pictures change.
 */
async function linkWithComparisons(
  context: Context,
  linker: Linker,
  captions: readonly Caption[],
  usesPictures: boolean,
): Promise<LinkedCaption[]> {
  const variants = captions.map((original) => ({
    original,
    blind: usesPictures && original.image !== undefined ? withoutPicture(original) : undefined,
  }));
  const all = [...captions, ...variants.flatMap(({ blind }) => blind ?? [])];
  using progress = createProgress(context, "captions", all.length);
  const found = new Map<Caption, CaptionLinks>();
  for await (const { caption, links, error } of linker.linkAll(all, { signal: context.signal })) {
    if (error !== undefined) throw error;
    found.set(caption, links);
    progress.update(found.size);
  }
  return variants.map(({ original, blind }) => ({
    caption: original,
    links: found.get(original)!,
    ...(blind !== undefined && { blind: found.get(blind)! }),
  }));
}

const withoutPicture = ({ image: _, ...caption }: Caption): Caption => caption;

function summary(linked: readonly LinkedCaption[], usesPictures: boolean): string {
  const mentions = linked.flatMap(({ links }) => links.mentions);
  const changed = mentions.filter(({ independent }) => independent !== undefined).length;
  const all = `${correct(linked)} of ${mentions.length} names are linked as annotated. For ${counted(changed, "name")}, the caption's other names changed the first candidate.\n`;
  const pictured = linked.filter(({ caption }) => caption.image !== undefined);
  const names = pictured.flatMap(({ links }) => links.mentions).length;
  const share = `Of the ${names} names that depend on a picture`;
  if (!usesPictures)
    return `${all}${share}, ${correct(pictured)} are linked as annotated; this model does not use pictures.\n`;
  const unseen = correct(pictured, ({ blind }) => blind);
  return `${all}${share}, ${correct(pictured)} are linked as annotated with it and ${unseen} without it.\n`;
}

/**
 * Counts the mentions that are linked as annotated. `choose` selects the links of a caption that are compared with the
 * annotation.
 */
function correct(
  linked: readonly LinkedCaption[],
  choose: (linked: LinkedCaption) => CaptionLinks | undefined = ({ links }) => links,
): number {
  return linked.flatMap((linked) =>
    (choose(linked)?.mentions ?? []).filter((link, i) =>
      isAsAnnotated(link, linked.caption.mentions[i]?.gold),
    ),
  ).length;
}

const howToRead = (output: string): string => `
or: other possibilities with a probability of at least 10 %; NIL: not in the knowledge base
✓ ✗: linked as annotated or not; alone: the first candidate without the other names; without picture: the link without the picture
Open ${join(output, "report.html")} in a browser. The links are in ${join(output, "links.jsonl")}.
`;

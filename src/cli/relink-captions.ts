import { type Caption, type CaptionLinks, MmelError, type OffsetUnit } from "../core/index.js";
import { type LinksIndex, linksFromWire, type Read, readLinks } from "../formats/index.js";
import type { EntityStore } from "../kb/index.js";
import type { Linker } from "../linker/index.js";
import type { Accepted, LinedCaption } from "./input.js";

/** A caption that is linked again, or that keeps its old links. */
export interface Relinked {
  readonly caption: LinedCaption;
  /** The old links, if there are any. */
  readonly old: CaptionLinks | undefined;
  readonly links: CaptionLinks;
  /** Whether the caption was linked again. */
  readonly isNew: boolean;
}

export interface RelinkCallbacks {
  readonly oldLinks: (caption: Caption) => Promise<CaptionLinks | undefined>;
  /** Returns whether a caption keeps its old links. */
  readonly isKept: (caption: Caption, old: CaptionLinks) => Promise<boolean>;
  readonly take: (relinked: Relinked) => Promise<void>;
  readonly reject: (caption: LinedCaption, error: MmelError) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A caption that was read but not yet taken. It has `old` links to keep, or is being linked. */
interface Waiting {
  readonly caption: LinedCaption;
  readonly old: CaptionLinks | undefined;
  readonly isKept: boolean;
}

/**
 * Links captions again, except those that keep their old links. Calls `take` or `reject` once for each caption, in order.
 * Kept links get the linker's knowledge base as `kb`.
 */
export async function relinkCaptions(
  linker: Linker,
  captions: AsyncIterable<Accepted<Caption>>,
  { oldLinks, isKept, take, reject, signal }: RelinkCallbacks,
): Promise<void> {
  const waiting: Waiting[] = [];
  /** Takes the captions at the front of the queue that are not being linked. */
  const takeKept = async (): Promise<void> => {
    for (let next = waiting[0]; next?.isKept; next = waiting[0]) {
      const { caption, old } = next;
      await take({ caption, old, links: { ...old!, kb: linker.kb }, isNew: false });
      waiting.shift();
    }
  };
  async function* toLink(): AsyncGenerator<LinedCaption> {
    for await (const { line, value } of captions) {
      const caption = { ...value, line };
      const old = await oldLinks(value);
      const kept = old !== undefined && (await isKept(value, old));
      waiting.push({ caption, old, isKept: kept });
      if (!kept) yield caption;
      else if (waiting.every((other) => other.isKept)) await takeKept(); // nothing is being linked or taken
    }
  }
  for await (const { caption, links, error } of linker.linkAll(toLink(), { signal })) {
    await takeKept();
    if (error !== undefined) await reject(caption, error);
    else await take({ caption, old: waiting[0]?.old, links, isNew: true });
    waiting.shift();
  }
  await takeKept();
}

/**
 * Returns a function that reads the old links of a caption, with offsets in UTF-16 code units. It throws `CONFIG` if the
 * links come from another model or, if `before` is given, from another knowledge base than `before`.
 */
export function oldLinksReader(
  index: LinksIndex,
  linker: Pick<Linker, "model">,
  before: EntityStore | undefined,
  offsets: OffsetUnit,
): RelinkCallbacks["oldLinks"] {
  const kb = before && `${before.manifest.name}@${before.manifest.version}`;
  return async ({ id, text }) => {
    const wire = await index.read(id);
    if (wire === undefined) return undefined;
    if (wire.model !== linker.model)
      throw new MmelError("CONFIG", {
        what: `the old links are from model ${wire.model}, not ${linker.model}`,
        where: `caption ${id}`,
        hint: "Add the `--model` of the first run, or link the captions with `mmel link`.",
      });
    if (kb !== undefined && wire.kb !== kb)
      throw new MmelError("CONFIG", {
        what: `the old links are from knowledge base ${wire.kb}, not ${kb}`,
        where: "--since",
        expected: "the knowledge base that the old links come from",
      });
    return linksFromWire(wire, offsets, text);
  };
}

/**
 * Reads the captions that links record. With `detect`, without the mentions, because they were detected. Throws `USAGE` if
 * the links do not record their captions.
 */
export async function* captionsInLinks(
  links: string,
  { offsets, detect, signal }: { offsets: OffsetUnit; detect: boolean; signal: AbortSignal },
): AsyncGenerator<Read<Caption>> {
  for await (const read of readLinks(links, { format: "jsonl", offsets: { unit: offsets }, signal }))
    yield read.kind === "rejected" ? read : { ...read, value: captionOf(read.value, detect, links) };
}

function captionOf(
  { id, text, language, image, mentions }: CaptionLinks,
  detect: boolean,
  where: string,
): Caption {
  if (text === undefined)
    throw new MmelError("USAGE", {
      what: "an earlier version of mmel wrote these links, without the texts of the captions",
      where,
      expected: "the captions file as the second argument",
      hint: "Run `mmel relink links.jsonl captions.jsonl --kb …`.",
    });
  return {
    id,
    text,
    ...(language !== undefined && { language }),
    ...(image !== undefined && { image }),
    mentions: detect
      ? []
      : mentions.map(({ text, start, end, type }) => ({
          text,
          ...(start !== undefined && end !== undefined && { span: { start, end } }),
          ...(type !== undefined && { type }),
        })),
  };
}

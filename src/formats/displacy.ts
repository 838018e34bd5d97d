import { z } from "zod";
import { type CaptionLinks, type MentionLink, offsetMap, type Span } from "../core/index.js";
import { spanOf } from "./links.js";

/** What displaCy draws with `manual=True, style="ent"`; `start` and `end` count code points, as Python does. */
export const displacySchema = z.object({
  text: z.string(),
  title: z.string(),
  ents: z.array(
    z.object({
      start: z.int().nonnegative(),
      end: z.int().nonnegative(),
      label: z.string().meta({ description: "the entity's label, or NIL" }),
      kb_id: z.string(),
      kb_url: z.string(),
    }),
  ),
});

export type Displacy = z.infer<typeof displacySchema>;

/**
 * The links of a caption for displaCy. It can draw neither a mention without a place in the text nor two that overlap: of
 * these the first and longest stays.
 */
export function linksToDisplacy(links: CaptionLinks, text: string): Displacy {
  const map = offsetMap(text, "codepoint");
  return {
    text,
    title: links.id,
    ents: apart(links.mentions).map(({ span, entity }) => ({
      ...map.fromUtf16(span),
      ...(entity === null
        ? { label: "NIL", kb_id: "", kb_url: "#" }
        : { label: entity.label, kb_id: entity.id, kb_url: entity.url ?? "#" }),
    })),
  };
}

/** The mentions that have a place, in its order and without those that overlap one before. */
function apart(mentions: readonly MentionLink[]): { span: Span; entity: MentionLink["entity"] }[] {
  const placed = mentions.flatMap((link) => {
    const span = spanOf(link);
    return span === undefined || span.start === span.end ? [] : [{ span, entity: link.entity }];
  });
  placed.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  let end = 0;
  return placed.filter(({ span }) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
}

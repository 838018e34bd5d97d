import { z } from "zod";
import { type CaptionLinks, type MentionLink, offsetMap, type Span } from "../core/index.js";
import { placesOf } from "./places.js";

/**
 * The input of displaCy with `manual=True, style="ent"`. `start` and `end` are offsets in code points, as in Python.
 */
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
 * Converts the links of a caption to the input of displaCy. A mention without offsets is located in the text (see
 * `placesOf`). DisplaCy cannot show mentions that are not in the text, so these are omitted. It cannot show overlapping mentions either: if mentions overlap, only the one that starts first is kept; if
 * several start at the same position, only the longest.
 */
export function linksToDisplacy(links: CaptionLinks, text: string): Displacy {
  const map = offsetMap(text, "codepoint");
  return {
    text,
    title: links.id,
    ents: disjointSpans(links.mentions, text).map(({ span, entity }) => ({
      ...map.fromUtf16(span),
      ...(entity === null
        ? { label: "NIL", kb_id: "", kb_url: "#" }
        : { label: entity.label, kb_id: entity.id, kb_url: entity.url ?? "#" }),
    })),
  };
}

/** Returns the mentions with non-empty spans, ordered by position. Omits mentions that overlap one already kept. */
function disjointSpans(
  mentions: readonly MentionLink[],
  text: string,
): { span: Span; entity: MentionLink["entity"] }[] {
  const places = placesOf(mentions, text);
  const spans = mentions.flatMap(({ entity }, index) => {
    const span = places[index];
    return span === undefined || span.start === span.end ? [] : [{ span, entity }];
  });
  spans.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  let end = 0;
  return spans.filter(({ span }) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
}

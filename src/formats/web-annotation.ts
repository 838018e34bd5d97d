import { z } from "zod";
import { type CaptionLinks, type Entity, type MentionLink, offsetMap, type Span } from "../core/index.js";
import { placesOf } from "./places.js";

const CONTEXT = ["http://www.w3.org/ns/anno.jsonld", { probability: "urn:mmel:probability" }] as const;
/** Number of code points of context on each side of a quoted mention. */
const CONTEXT_LENGTH = 32;

const selectorSchema = z.union([
  z.object({ type: z.literal("TextPositionSelector"), start: z.int(), end: z.int() }),
  z.object({
    type: z.literal("TextQuoteSelector"),
    exact: z.string(),
    prefix: z.string().optional(),
    suffix: z.string().optional(),
  }),
]);

const bodySchema = z.union([
  z.object({ type: z.literal("SpecificResource"), purpose: z.literal("identifying"), source: z.string() }),
  z.object({ type: z.literal("TextualBody"), purpose: z.enum(["describing", "tagging"]), value: z.string() }),
]);

/** A page of W3C Web Annotations (JSON-LD), with one annotation per mention. */
export const annotationPageSchema = z.object({
  "@context": z.array(z.unknown()),
  id: z.string(),
  type: z.literal("AnnotationPage"),
  items: z.array(
    z.object({
      id: z.string(),
      type: z.literal("Annotation"),
      motivation: z.literal("identifying"),
      generator: z.object({ type: z.literal("Software"), name: z.string() }),
      probability: z.number().optional(),
      body: z.array(bodySchema),
      target: z.object({ source: z.string(), selector: z.array(selectorSchema) }),
    }),
  ),
});

export type AnnotationPage = z.infer<typeof annotationPageSchema>;
type Annotation = AnnotationPage["items"][number];

/**
 * Converts the links of a caption to Web Annotations. Positions, and the length of the context around a quotation, are
 * counted in code points, as the W3C recommends. A mention without offsets is located in the text (see `placesOf`); if
 * the text does not contain it, it is only quoted. Captions, and entities without `url`, are identified by URNs.
 */
export function linksToAnnotations(links: CaptionLinks, text: string): AnnotationPage {
  const caption = `urn:mmel:caption:${encodeURIComponent(links.id)}`;
  const selectorsOf = createSelectors(text);
  const places = placesOf(links.mentions, text);
  return {
    "@context": [...CONTEXT],
    id: `${caption}:annotations`,
    type: "AnnotationPage",
    items: links.mentions.map(
      (link, index): Annotation => ({
        id: `${caption}:annotations:${index}`,
        type: "Annotation",
        motivation: "identifying",
        generator: { type: "Software", name: `mmel, model ${links.model}` },
        ...(link.probability !== null && { probability: link.probability }),
        body: bodiesOf(link, links.kb),
        target: { source: caption, selector: selectorsOf(link, places[index]) },
      }),
    ),
  };
}

function bodiesOf({ entity }: MentionLink, kb: string): Annotation["body"] {
  if (entity === null) return [{ type: "TextualBody", purpose: "tagging", value: "NIL" }];
  return [
    { type: "SpecificResource", purpose: "identifying", source: iriOf(entity, kb) },
    { type: "TextualBody", purpose: "describing", value: entity.label },
  ];
}

const iriOf = ({ id, url }: Entity, kb: string): string =>
  url ?? `urn:mmel:entity:${encodeURIComponent(kb.split("@")[0] ?? kb)}:${encodeURIComponent(id)}`;

function createSelectors(
  text: string,
): (link: MentionLink, span: Span | undefined) => Annotation["target"]["selector"] {
  const characters = Array.from(text);
  const map = offsetMap(text, "codepoint");
  return (link, span) => {
    if (span === undefined) return [{ type: "TextQuoteSelector", exact: link.text }];
    const { start, end } = map.fromUtf16(span);
    const cut = (from: number, to: number): string => characters.slice(Math.max(0, from), to).join("");
    return [
      { type: "TextPositionSelector", start, end },
      {
        type: "TextQuoteSelector",
        exact: cut(start, end),
        prefix: cut(start - CONTEXT_LENGTH, start),
        suffix: cut(end, end + CONTEXT_LENGTH),
      },
    ];
  };
}

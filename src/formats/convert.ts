import {
  type Caption,
  type CaptionLinks,
  type Entity,
  type Mention,
  type MentionLink,
  MmelError,
  type OffsetMap,
  type OffsetUnit,
  offsetMap,
  type RankedCandidate,
  type Span,
} from "../core/index.js";
import type { WireCandidate, WireCaption, WireEntity, WireLinks, WireMentionLink } from "./wire.js";

type WireMention = NonNullable<WireCaption["mentions"]>[number];

/**
 * Converts a caption from the wire format, with offsets in `unit`. The spans of the result are in UTF-16 code units.
 * Mentions can overlap, for example "Bank of England" and "England". Throws `OFFSETS` if a span is invalid, or if the
 * text in the span differs from the text of the mention.
 */
export function captionFromWire(wire: WireCaption, unit: OffsetUnit = "utf16"): Caption {
  const map = wire.mentions?.some(({ start }) => start !== undefined)
    ? offsetMap(wire.text, unit)
    : undefined;
  return {
    id: wire.id,
    text: wire.text,
    mentions: (wire.mentions ?? []).map((mention, index) => mentionFromWire(mention, index, wire.text, map)),
    ...(wire.image !== undefined && { image: wire.image }),
    ...(wire.language !== undefined && { language: wire.language }),
  };
}

/** Converts a caption to the wire format, with offsets in `unit`. `mentions` is always present. */
export function captionToWire(caption: Caption, unit: OffsetUnit = "utf16"): WireCaption {
  const { mentions, ...rest } = caption;
  const map = unit === "utf16" ? undefined : offsetMap(caption.text, unit);
  return {
    ...rest,
    mentions: mentions.map(({ text, span, type, gold }) => ({
      text,
      ...(span !== undefined && (map?.fromUtf16(span) ?? span)),
      ...(type !== undefined && { type }),
      ...(gold !== undefined && { gold: gold.kind === "nil" ? null : gold.id }),
    })),
  };
}

function mentionFromWire(
  wire: WireMention,
  index: number,
  text: string,
  map: OffsetMap | undefined,
): Mention {
  const span = spanFromWire(wire, index, text, map);
  return {
    text: wire.text,
    ...(span !== undefined && { span }),
    ...(wire.type !== undefined && { type: wire.type }),
    ...(wire.gold !== undefined && {
      gold: wire.gold === null ? ({ kind: "nil" } as const) : ({ kind: "entity", id: wire.gold } as const),
    }),
  };
}

function spanFromWire(
  wire: WireMention,
  index: number,
  text: string,
  map: OffsetMap | undefined,
): Mention["span"] {
  const { start, end } = wire;
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined || map === undefined) {
    throw new MmelError("OFFSETS", {
      what: `mentions[${index}] has only one of the offsets start and end`,
      expected: "both offsets or neither",
    });
  }
  const span = convertSpan(wire, index, () => map.toUtf16({ start, end }));
  const found = text.slice(span.start, span.end);
  if (found !== wire.text) {
    throw new MmelError("OFFSETS", {
      what: `mentions[${index}] is ${quoted(wire.text)}, but the text from ${start} to ${end} is ${quoted(found)}`,
      hint:
        found.normalize() === wire.text.normalize()
          ? "Use the same Unicode normalisation for the mention and the caption."
          : "Give offsets in UTF-16 code units, as JavaScript counts, or add `--offsets codepoint` or `--offsets byte`.",
    });
  }
  return span;
}

function convertSpan<T>({ text, start, end }: WireMention, index: number, convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    const what = `mentions[${index}] is ${quoted(text)} from ${start} to ${end}: ${error.detail.what}`;
    throw new MmelError(error.code, { ...error.detail, what });
  }
}

/** Returns a text in quotation marks for error messages, cut after 80 code units. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** Converts an entity from the wire format. Drops properties without values and an empty description. */
export function entityFromWire(wire: WireEntity): Entity {
  const { id, label, description, popularity, url } = wire;
  return {
    id,
    label,
    aliases: wire.aliases ?? [],
    ...(description && { description }),
    properties: Object.fromEntries(
      Object.entries(wire.properties ?? {}).filter(([, values]) => values.length > 0),
    ),
    images: wire.images ?? [],
    ...(popularity !== undefined && { popularity }),
    ...(url !== undefined && { url }),
  };
}

/** Converts an entity to the wire format. Omits `aliases`, `properties` and `images` if they are empty. */
export function entityToWire(entity: Entity): WireEntity {
  const { id, label, aliases, description, properties, images, popularity, url } = entity;
  return {
    id,
    label,
    ...(aliases.length > 0 && { aliases: [...aliases] }),
    ...(description !== undefined && { description }),
    ...(Object.keys(properties).length > 0 && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, values]) => [key, [...values]])),
    }),
    ...(images.length > 0 && { images: [...images] }),
    ...(popularity !== undefined && { popularity }),
    ...(url !== undefined && { url }),
  };
}

/**
 * Converts links to the wire format, with offsets in `unit`. Units other than UTF-16 need the `text` of the caption;
 * default: the text in the links.
 */
export function linksToWire(
  links: CaptionLinks,
  unit: OffsetUnit = "utf16",
  text = links.text ?? "",
): WireLinks {
  const map = unit === "utf16" ? undefined : offsetMap(text, unit);
  return {
    id: links.id,
    ...(links.text !== undefined && { text: links.text }),
    ...(links.language !== undefined && { language: links.language }),
    ...(links.image !== undefined && { image: links.image }),
    mentions: links.mentions.map((link) => {
      const span = spanOf(link);
      return {
        text: link.text,
        ...(span && (map?.fromUtf16(span) ?? span)),
        ...(link.type !== undefined && { type: link.type }),
        outcome: link.outcome,
        entity: link.entity && idAndLabel(link.entity),
        probability: link.probability,
        ...(link.nilProbability !== undefined && { nilProbability: link.nilProbability }),
        candidates: link.candidates.map(candidateToWire),
        ...(link.because !== undefined && { because: link.because }),
        ...(link.with && { with: link.with }),
      };
    }),
    model: links.model,
    kb: links.kb,
    ...(links.captionHash !== undefined && { captionHash: links.captionHash }),
  };
}

/**
 * Converts links from the wire format, with offsets in `unit`. The entities in the result contain only id and label.
 * Units other than UTF-16 need the `text` of the caption; default: the text in the links.
 */
export function linksFromWire(
  wire: WireLinks,
  unit: OffsetUnit = "utf16",
  text = wire.text ?? "",
): CaptionLinks {
  const map = unit === "utf16" ? undefined : offsetMap(text, unit);
  return {
    id: wire.id,
    ...(wire.text !== undefined && { text: wire.text }),
    ...(wire.language !== undefined && { language: wire.language }),
    ...(wire.image !== undefined && { image: wire.image }),
    mentions: wire.mentions.map((mention) => mentionLinkFromWire(mention, map?.toUtf16)),
    model: wire.model,
    kb: wire.kb,
    ...(wire.captionHash !== undefined && { captionHash: wire.captionHash }),
  };
}

/** Returns the span of a mention, or undefined if the mention has no offsets. */
export function spanOf({ start, end }: Pick<WireMentionLink, "start" | "end">): Span | undefined {
  return start === undefined || end === undefined ? undefined : { start, end };
}

function mentionLinkFromWire(wire: WireMentionLink, toUtf16 = (span: Span): Span => span): MentionLink {
  const { text, type, entity, probability } = wire;
  const span = spanOf(wire);
  return {
    text,
    ...(span && toUtf16(span)),
    ...(type !== undefined && { type }),
    ...(entity === null ? { outcome: "nil", entity } : { outcome: "linked", entity: bareEntity(entity) }),
    probability,
    ...(wire.nilProbability !== undefined && { nilProbability: wire.nilProbability }),
    candidates: wire.candidates.map(candidateFromWire),
    ...(wire.because !== undefined && { because: wire.because }),
    ...(wire.with && { with: fullNameFromWire(wire.with) }),
  };
}

const fullNameFromWire = ({ text, mention }: NonNullable<WireMentionLink["with"]>) => ({
  text,
  ...(mention !== undefined && { mention }),
});

const candidateToWire = (candidate: RankedCandidate): WireCandidate => ({
  id: candidate.id,
  label: candidate.label,
  match: candidate.match,
  collaborative: candidate.collaborative,
  score: candidate.score,
  probability: candidate.probability,
  ...(candidate.explain && {
    ...(candidate.independentRank !== undefined && { independentRank: candidate.independentRank }),
    explain: { ...candidate.explain },
  }),
});

const candidateFromWire = (wire: WireCandidate): RankedCandidate => ({
  id: wire.id,
  label: wire.label,
  entity: bareEntity(wire),
  match: wire.match,
  collaborative: wire.collaborative,
  score: wire.score,
  probability: wire.probability,
  ...(wire.independentRank !== undefined && { independentRank: wire.independentRank }),
  ...(wire.explain && { explain: wire.explain }),
});

const idAndLabel = ({ id, label }: Entity): { id: string; label: string } => ({ id, label });

const bareEntity = ({ id, label }: { id: string; label: string }): Entity => ({
  id,
  label,
  aliases: [],
  properties: {},
  images: [],
});

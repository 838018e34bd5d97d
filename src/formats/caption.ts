import {
  type Caption,
  type Mention,
  MmelError,
  type OffsetMap,
  type OffsetUnit,
  offsetMap,
} from "../core/index.js";
import type { WireCaption } from "./wire.js";

type WireMention = NonNullable<WireCaption["mentions"]>[number];

/**
 * The caption that a wire caption stands for; spans become UTF-16. Mentions may overlap: names nest ("Bank of England").
 * `OFFSETS` when a span does not fit the text or does not hold the mention's text.
 */
export function captionFromWire(wire: WireCaption, unit: OffsetUnit = "utf16"): Caption {
  const map = wire.mentions?.some(({ start }) => start !== undefined)
    ? offsetMap(wire.text, unit)
    : undefined;
  return {
    id: wire.id,
    text: wire.text,
    mentions: (wire.mentions ?? []).map((mention, at) => mentionFromWire(mention, at, wire.text, map)),
    ...(wire.image !== undefined && { image: wire.image }),
    ...(wire.language !== undefined && { language: wire.language }),
  };
}

/** The wire form; a caption without mentions says so with an empty list. */
export function captionToWire(caption: Caption, unit: OffsetUnit = "utf16"): WireCaption {
  const { mentions, ...rest } = caption;
  const map = unit === "utf16" ? undefined : offsetMap(caption.text, unit);
  return {
    ...rest,
    mentions: mentions.map(({ text, span, gold }) => ({
      text,
      ...(span !== undefined && (map?.fromUtf16(span) ?? span)),
      ...(gold !== undefined && { gold: gold.kind === "nil" ? null : gold.id }),
    })),
  };
}

function mentionFromWire(wire: WireMention, at: number, text: string, map: OffsetMap | undefined): Mention {
  const span = spanOf(wire, at, text, map);
  return {
    text: wire.text,
    ...(span !== undefined && { span }),
    ...(wire.gold !== undefined && {
      gold: wire.gold === null ? ({ kind: "nil" } as const) : ({ kind: "entity", id: wire.gold } as const),
    }),
  };
}

function spanOf(wire: WireMention, at: number, text: string, map: OffsetMap | undefined): Mention["span"] {
  const { start, end } = wire;
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined || map === undefined) {
    throw new MmelError("OFFSETS", {
      what: `mentions[${at}] has only one of start and end`,
      expected: "both or none",
    });
  }
  const span = fitting(wire, at, () => map.toUtf16({ start, end }));
  const found = text.slice(span.start, span.end);
  if (found !== wire.text) {
    throw new MmelError("OFFSETS", {
      what: `mentions[${at}] says ${quoted(wire.text)} but the text from ${start} to ${end} is ${quoted(found)}`,
      hint:
        found.normalize() === wire.text.normalize()
          ? "the mention in the caption's own Unicode normalisation"
          : "--offsets codepoint or byte if the file counts those",
    });
  }
  return span;
}

function fitting<T>({ text, start, end }: WireMention, at: number, convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    const what = `mentions[${at}] says ${quoted(text)} from ${start} to ${end}: ${error.detail.what}`;
    throw new MmelError(error.code, { ...error.detail, what });
  }
}

const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

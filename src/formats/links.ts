import {
  type CaptionLinks,
  type Entity,
  type MentionLink,
  type OffsetUnit,
  offsetMap,
  type RankedCandidate,
  type Span,
} from "../core/index.js";
import type { WireCandidate, WireLinks, WireMentionLink } from "./wire.js";

/** What files and the service hold of links. Units other than UTF-16 need the caption's text, which links do not hold. */
export function linksToWire(links: CaptionLinks, unit: OffsetUnit = "utf16", text = ""): WireLinks {
  const map = unit === "utf16" ? undefined : offsetMap(text, unit);
  return {
    id: links.id,
    mentions: links.mentions.map((link) => {
      const span = spanOf(link);
      return {
        text: link.text,
        ...(span && (map?.fromUtf16(span) ?? span)),
        outcome: link.outcome,
        entity: link.entity && named(link.entity),
        probability: link.probability,
        candidates: link.candidates.map(candidateToWire),
      };
    }),
    model: links.model,
    kb: links.kb,
  };
}

/** The links of a wire form; their entities know only id and label. `text` as in `linksToWire`. */
export function linksFromWire(wire: WireLinks, unit: OffsetUnit = "utf16", text = ""): CaptionLinks {
  const map = unit === "utf16" ? undefined : offsetMap(text, unit);
  return {
    id: wire.id,
    mentions: wire.mentions.map((mention) => mentionFromWire(mention, map?.toUtf16)),
    model: wire.model,
    kb: wire.kb,
  };
}

/** The place of a mention in its caption's text, if it has one. */
export function spanOf({ start, end }: Pick<WireMentionLink, "start" | "end">): Span | undefined {
  return start === undefined || end === undefined ? undefined : { start, end };
}

function mentionFromWire(wire: WireMentionLink, toUtf16 = (span: Span): Span => span): MentionLink {
  const { text, entity, probability } = wire;
  const span = spanOf(wire);
  return {
    text,
    ...(span && toUtf16(span)),
    ...(entity === null ? { outcome: "nil", entity } : { outcome: "linked", entity: bare(entity) }),
    probability,
    candidates: wire.candidates.map(candidateFromWire),
  };
}

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
  entity: bare(wire),
  match: wire.match,
  collaborative: wire.collaborative,
  score: wire.score,
  probability: wire.probability,
  ...(wire.independentRank !== undefined && { independentRank: wire.independentRank }),
  ...(wire.explain && { explain: wire.explain }),
});

const named = ({ id, label }: Entity): { id: string; label: string } => ({ id, label });

const bare = ({ id, label }: { id: string; label: string }): Entity => ({
  id,
  label,
  aliases: [],
  properties: {},
  images: [],
});

import {
  type Caption,
  type CaptionLinks,
  type Entity,
  type MentionLink,
  type OffsetUnit,
  offsetMap,
  type RankedCandidate,
} from "../core/index.js";
import type { WireCandidate, WireLinks, WireMentionLink } from "./wire.js";

/** The wire form of links. Units other than UTF-16 need the text of the caption, which links do not hold. */
export function linksToWire(links: CaptionLinks, unit: OffsetUnit = "utf16", text = ""): WireLinks {
  const map = unit === "utf16" ? undefined : offsetMap(text, unit);
  return {
    id: links.id,
    mentions: links.mentions.map(({ mention, outcome, probability, candidates }) => ({
      text: mention.text,
      ...(mention.span !== undefined && (map?.fromUtf16(mention.span) ?? mention.span)),
      outcome: outcome.kind,
      entity: outcome.kind === "linked" ? named(outcome.entity) : null,
      probability: probability ?? null,
      candidates: candidates.map(candidateToWire),
    })),
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

type Span = NonNullable<Caption["mentions"][number]["span"]>;

function mentionFromWire(wire: WireMentionLink, toUtf16 = (span: Span): Span => span): MentionLink {
  const { text, start, end, entity, probability } = wire;
  const span = start === undefined || end === undefined ? undefined : toUtf16({ start, end });
  return {
    mention: { text, ...(span !== undefined && { span }) },
    outcome: entity === null ? { kind: "nil" } : { kind: "linked", entity: bare(entity) },
    ...(probability !== null && { probability }),
    candidates: wire.candidates.map(candidateFromWire),
  };
}

const candidateToWire = (candidate: RankedCandidate): WireCandidate => ({
  ...named(candidate.entity),
  match: candidate.match ?? null,
  collaborative: candidate.collaborative,
  score: candidate.score,
  probability: candidate.probability ?? null,
  ...(candidate.explain && {
    ...(candidate.independentRank !== undefined && { independentRank: candidate.independentRank }),
    explain: { ...candidate.explain },
  }),
});

const candidateFromWire = ({ match, probability, ...wire }: WireCandidate): RankedCandidate => ({
  entity: bare(wire),
  ...(match !== null && { match }),
  collaborative: wire.collaborative,
  score: wire.score,
  ...(probability !== null && { probability }),
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

import type { MentionLink } from "../core/index.js";
import { isMoved, type LinkedCaption } from "../formats/html/index.js";
import { table } from "./table.js";

const HEADER = ["caption", "mention", "linked to", "who or what", "score", "prob.", ""];

/** One row a mention: what it was linked to, and whether the caption's other names decided it. */
export function linkTable(linked: readonly LinkedCaption[]): string {
  return table(
    HEADER,
    linked.flatMap(({ caption, links }) => links.mentions.map((mention) => row(caption.id, mention))),
    34,
  );
}

function row(id: string, link: MentionLink): string[] {
  const { mention, outcome, probability } = link;
  const first = link.candidates[0];
  const entity = outcome.kind === "linked" ? outcome.entity : undefined;
  return [
    id,
    mention.text,
    entity?.label ?? "NIL",
    entity === undefined ? "not in the knowledge base" : (entity.description ?? entity.id),
    first === undefined ? "–" : scoreOf(first.match, first.score),
    probability === undefined ? "–" : probability.toFixed(2),
    [verdict(link), isMoved(link) ? "decided by the other names" : ""].filter(Boolean).join(" "),
  ];
}

/** `before → after`, or one figure when the other mentions added nothing. */
function scoreOf(match: number | undefined, score: number): string {
  const before = match?.toFixed(2) ?? "–";
  return before === score.toFixed(2) ? before : `${before} → ${score.toFixed(2)}`;
}

function verdict({ mention: { gold }, outcome }: MentionLink): string {
  if (gold === undefined) return "";
  const right =
    gold.kind === "nil" ? outcome.kind === "nil" : outcome.kind === "linked" && outcome.entity.id === gold.id;
  return right ? "✓" : "✗";
}

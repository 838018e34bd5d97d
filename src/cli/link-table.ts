import type { Gold, MentionLink } from "../core/index.js";
import { isAsAnnotated, type LinkedCaption, nameOf } from "../formats/html/index.js";
import { table } from "./table.js";

const HEADERS = ["caption", "mention", "linked to", "who or what", "score", "", ""];
const PROBABILITY = 5;

/** One row a mention: what it was linked to, and what it would have been linked to without the caption's other names. */
export function linkTable(linked: readonly LinkedCaption[]): string {
  const calibrated = linked.some(({ links }) =>
    links.mentions.some(({ probability }) => probability !== null),
  );
  return table(
    calibrated ? HEADERS.map((header, at) => (at === PROBABILITY ? "prob." : header)) : HEADERS,
    linked.flatMap(({ caption, links, blind }) =>
      links.mentions.map((link, at) => [
        at === 0 ? caption.id : "",
        ...cells(link, caption.mentions[at]?.gold, blind?.mentions[at]),
      ]),
    ),
    34,
  );
}

function cells(link: MentionLink, gold: Gold | undefined, blind: MentionLink | undefined): string[] {
  const { text, entity, probability } = link;
  const first = link.candidates[0];
  return [
    text,
    nameOf(link),
    entity === null ? "not in the knowledge base" : (entity.description ?? entity.id),
    first === undefined ? "–" : scoreOf(first.match, first.score),
    probability?.toFixed(2) ?? "",
    remark(link, gold, blind),
  ];
}

/** `before → after`, or one figure when the other mentions added nothing. */
function scoreOf(match: number | null, score: number): string {
  const before = match?.toFixed(2) ?? "–";
  return before === score.toFixed(2) ? before : `${before} → ${score.toFixed(2)}`;
}

function remark(link: MentionLink, gold: Gold | undefined, blind: MentionLink | undefined): string {
  const right = isAsAnnotated(link, gold);
  const verdict = right === undefined ? "" : right ? "✓" : "✗";
  const alone = link.independent === undefined ? "" : `alone: ${link.independent.label}`;
  const unseen = blind === undefined || nameOf(blind) === nameOf(link) ? "" : `unseen: ${nameOf(blind)}`;
  return [verdict, alone, unseen].filter((part) => part !== "").join(" ");
}

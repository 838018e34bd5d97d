import type { Gold, MentionLink } from "../core/index.js";
import { isAsAnnotated, type LinkedCaption, nameOf } from "../formats/html/index.js";
import { table } from "./table.js";

const HEADERS = ["caption", "mention", "linked to", "description", "score", "", ""];
const PROBABILITY = 5;

/** Maximum width of a cell in the table of changes, in terminal columns. */
const WIDEST_REASON = 160;

/**
 * Formats a table with one row per mention. If the other mentions changed the first candidate of any mention, a second
 * table lists these changes with the reasons. If a mention was linked together with a full name of the same
 * person, the last column shows this name. If another candidate would be first without the other mentions, or the
 * link would differ without the picture, the last column shows it.
 */
export function linkTable(linked: readonly LinkedCaption[]): string {
  const calibrated = linked.some(({ links }) =>
    links.mentions.some(({ probability }) => probability !== null),
  );
  const links = table(
    calibrated ? HEADERS.map((header, column) => (column === PROBABILITY ? "prob." : header)) : HEADERS,
    linked.flatMap(({ caption, links, blind }) =>
      links.mentions.map((link, index) => [
        index === 0 ? caption.id : "",
        ...cells(link, caption.mentions[index]?.gold, blind?.mentions[index]),
      ]),
    ),
    34,
  );
  const changes = changeTable(linked);
  return changes === "" ? links : `${links}\n${changes}`;
}

/**
 * Formats a table of the mentions whose first candidate changed because of the other mentions, with the reasons.
 * Returns "" if there are none.
 */
function changeTable(linked: readonly LinkedCaption[]): string {
  const rows = linked.flatMap(({ links }) =>
    links.mentions.flatMap(({ text, independent, candidates: [first], because }) =>
      because === undefined ? [] : [[links.id, text, independent?.label ?? "", first?.label ?? "", because]],
    ),
  );
  if (rows.length === 0) return "";
  return table(["caption", "mention", "alone", "with the other names", "because"], rows, WIDEST_REASON);
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

/** Returns `own → total`, or one number if the other mentions do not change the score. */
function scoreOf(match: number | null, score: number): string {
  const own = match?.toFixed(2) ?? "–";
  return own === score.toFixed(2) ? own : `${own} → ${score.toFixed(2)}`;
}

function remark(link: MentionLink, gold: Gold | undefined, blind: MentionLink | undefined): string {
  const correct = isAsAnnotated(link, gold);
  const verdict = correct === undefined ? "" : correct ? "✓" : "✗";
  const alone = link.independent === undefined ? "" : `alone: ${link.independent.label}`;
  const full = link.with === undefined ? "" : `same person as ${link.with.text}`;
  const unseen =
    blind === undefined || nameOf(blind) === nameOf(link) ? "" : `without picture: ${nameOf(blind)}`;
  return [verdict, full, alone, unseen].filter((part) => part !== "").join(" ");
}

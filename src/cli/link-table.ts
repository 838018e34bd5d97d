import { type Gold, isAsAnnotated, type MentionLink } from "../core/index.js";
import { type LinkedCaption, nameOf, percent } from "../formats/html/index.js";
import { entitySummary, rowsOf } from "../formats/index.js";
import { table } from "./table.js";

const HEADERS = ["caption", "mention", "linked to", "description", "", ""];
const PROBABILITY = 4;

/** Maximum width of a cell in the table of changes, in terminal columns. */
const WIDEST_REASON = 160;

/** Minimum probability of the possibilities that a table lists below the outcome of a mention. */
const LISTED = 0.1;

/**
 * Formats a table with one row for the outcome of each mention, and one for each other possibility with a probability of
 * at least 10 %, most probable first. If the other mentions changed the first candidate of any mention, a second table
 * lists these changes with the reasons. If a mention was linked together with a full name of the same person, the last
 * column shows this name. If another candidate would be first without the other mentions, or the link would differ
 * without the picture, the last column shows it.
 */
export function linkTable(linked: readonly LinkedCaption[]): string {
  const calibrated = linked.some(({ links }) =>
    links.mentions.some(({ probability }) => probability !== null),
  );
  const links = table(
    calibrated ? HEADERS.map((header, column) => (column === PROBABILITY ? "probability" : header)) : HEADERS,
    linked.flatMap(({ caption, links, blind }) =>
      links.mentions.flatMap((link, index) =>
        mentionRows(link, remark(link, caption.mentions[index]?.gold, blind?.mentions[index])).map(
          (cells, row) => [index === 0 && row === 0 ? caption.id : "", ...cells],
        ),
      ),
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

function mentionRows(link: MentionLink, remark: string): string[][] {
  return rowsOf(link)
    .filter(({ isProposed, probability }) => isProposed || (probability ?? 0) >= LISTED)
    .map(({ entity, candidate, probability, isAtMost, isProposed }, row) => {
      const known = candidate?.entity ?? link.entity;
      return [
        row === 0 ? link.text : "",
        `${isProposed ? "" : "or "}${entity?.label ?? "NIL"}`,
        entity === null ? "not in the knowledge base" : known === null ? entity.id : entitySummary(known),
        probability === null ? "" : probabilityText(probability, isAtMost),
        isProposed ? remark : "",
      ];
    });
}

/** Number of characters of a bar. */
const BAR = 10;

/** Returns a probability as a bar on the scale from 0 to 1 and as a percentage. */
function probabilityText(probability: number, isAtMost: boolean): string {
  const filled = Math.round(BAR * probability);
  const figure = `${isAtMost ? "≤ " : ""}${percent(probability)}`;
  return `${"━".repeat(filled)}${"─".repeat(BAR - filled)} ${figure.padStart(6)}`;
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

import type { WireCandidate, WireLinks, WireMentionLink } from "../wire.js";
import { joinList, numberIn, splitList } from "./cells.js";
import type { MentionForm } from "./group.js";

const CANDIDATE_FIELDS = ["id", "label", "match", "collaborative", "score", "probability"] as const;
const CANDIDATE_COLUMNS = CANDIDATE_FIELDS.map((field) => `candidates.${field}`);
const MENTION_COLUMNS = ["mention", "start", "end", "outcome", "entity.id", "entity.label", "probability"];

/** Links as CSV: one row a mention; each candidate column is a list, best first, with `|` between the values. */
export const LINK_COLUMNS = ["id", ...MENTION_COLUMNS, "model", "kb", ...CANDIDATE_COLUMNS];

export const linkForm: MentionForm = {
  whole: ["model", "kb"],
  mention: [...MENTION_COLUMNS, ...CANDIDATE_COLUMNS],
  mentionFrom: (cells) => {
    const id = cells.get("entity.id");
    return {
      text: cells.get("mention"),
      start: numberIn(cells.get("start")),
      end: numberIn(cells.get("end")),
      outcome: cells.get("outcome"),
      entity: id === undefined ? null : { id, label: cells.get("entity.label") },
      probability: numberIn(cells.get("probability")) ?? null,
      candidates: candidatesFrom(cells),
    };
  },
};

/** The rows of a caption's links, cells in the order of `LINK_COLUMNS`. */
export function linkRows({ id, mentions, model, kb }: WireLinks): string[][] {
  const empty = (columns: readonly string[]): string[] => columns.map(() => "");
  if (mentions.length === 0) return [[id, ...empty(MENTION_COLUMNS), model, kb, ...empty(CANDIDATE_COLUMNS)]];
  return mentions.map((mention) => [id, ...mentionCells(mention), model, kb, ...candidateCells(mention)]);
}

function mentionCells({ text, start, end, outcome, entity, probability }: WireMentionLink): string[] {
  return [text, start, end, outcome, entity?.id, entity?.label, probability].map(cellOf);
}

function candidateCells({ candidates }: WireMentionLink): string[] {
  return CANDIDATE_FIELDS.map((field) => joinList(candidates.map((candidate) => cellOf(candidate[field]))));
}

const cellOf = (value: string | number | null | undefined): string => String(value ?? "");

function candidatesFrom(cells: ReadonlyMap<string, string>): unknown[] {
  const ids = cells.get("candidates.id");
  if (ids === undefined) return [];
  const lists = CANDIDATE_COLUMNS.map((column) => splitList(cells.get(column) ?? ""));
  return splitList(ids).map((_, at) => {
    const [id, label, ...numbers] = lists.map((list) => list[at]);
    const [match, collaborative, score, probability] = numbers.map(
      (cell) => (cell === "" ? null : numberIn(cell)) ?? null,
    );
    return { id, label, match, collaborative, score, probability } satisfies Record<
      Exclude<keyof WireCandidate, "independentRank" | "explain">,
      unknown
    >;
  });
}

import type { Measured, MeasuredMention } from "./measure.js";

/** Counts for one row of a table. */
export interface Figures {
  readonly mentions: number;
  /** Number of mentions with the right outcome: the gold entity, or NIL. */
  readonly right: number;
  /**
   * Number of mentions whose gold entity is in the knowledge base (`inKb`), and number of these mentions whose first
   * candidate is the gold entity (`first`).
   */
  readonly inKb: number;
  readonly first: number;
  /**
   * Number of links with a probability of at least 0.9 (`confident`), and number of these links that are right
   * (`confidentRight`).
   */
  readonly confident: number;
  readonly confidentRight: number;
}

/** Counts the outcomes of mentions. */
export function figuresOf(mentions: readonly MeasuredMention[]): Figures {
  const count = (test: (mention: MeasuredMention) => boolean): number => mentions.filter(test).length;
  const isConfident = ({ linked, probability }: MeasuredMention): boolean =>
    typeof linked === "string" && (probability ?? 0) >= 0.9;
  return {
    mentions: mentions.length,
    right: count(({ right }) => right),
    inKb: count(({ gold }) => gold !== null),
    first: count(({ rank }) => rank === 1),
    confident: count(isConfident),
    confidentRight: count((mention) => isConfident(mention) && mention.right),
  };
}

/** Figures of one row for each column. A column is a model in a build. */
export interface Row {
  readonly name: string;
  readonly columns: readonly Figures[];
}

/** Returns one row per group, followed by one row per kind in that group. `columns[i]` is what column i measured. */
export function rowsOf(columns: readonly (readonly MeasuredMention[])[]): readonly Row[] {
  const row = (name: string, test: (mention: MeasuredMention) => boolean): Row => ({
    name,
    columns: columns.map((mentions) => figuresOf(mentions.filter(test))),
  });
  const all = columns[0] ?? [];
  return [...new Set(all.map(({ group }) => group))].flatMap((group) => {
    const kinds = [...new Set(all.filter((one) => one.group === group).map(({ kind }) => kind))].sort();
    return [
      row(`**${group}**`, (one) => one.group === group),
      ...kinds.map((kind) => row(`${group}: ${kind}`, (one) => one.group === group && one.kind === kind)),
    ];
  });
}

/**
 * Formats rows as a Markdown table. Each column shows how many outcomes are right, how many gold entities are the first
 * candidate, and how many links with p >= 0.9 are right.
 */
export function formatTable(names: readonly string[], rows: readonly Row[]): string {
  const cell = ({ mentions, right, inKb, first, confident, confidentRight }: Figures): string =>
    `${right}/${mentions} (${percent(right, mentions)}) | ${first}/${inKb} | ${confidentRight}/${confident}`;
  return [
    `| | ${names.map((name) => `right: ${name} | gold first | right at p >= 0.9`).join(" | ")} |`,
    `|---|${names.map(() => "---|---|---|").join("")}`,
    ...rows.map(({ name, columns }) => `| ${name} | ${columns.map(cell).join(" | ")} |`),
  ].join("\n");
}

/** Formats the number of captions with exactly the expected spans, for each column. */
export function formatSpans(names: readonly string[], columns: readonly Measured["spans"][]): string {
  return columns
    .map(
      (spans, i) => `spans exact: ${spans.filter(({ exact }) => exact).length}/${spans.length} (${names[i]})`,
    )
    .join("\n");
}

/** Formats the mentions that were linked wrong and the captions with wrong spans, one per line. */
export function formatFailures({ mentions, spans }: Measured): string {
  return [
    ...mentions.filter(({ right }) => !right).map(formatFailure),
    ...spans
      .filter(({ exact }) => !exact)
      .map(
        ({ set, kind, text, expected, found }) =>
          `[${set}: ${kind}] spans in "${text}": expected ${expected.join("; ")}, found ${found.join("; ") || "none"}`,
      ),
  ].join("\n");
}

function formatFailure(mention: MeasuredMention): string {
  const { set, kind, text, gold, linked, probability, rank, first } = mention;
  const p = probability === null ? "" : ` p=${probability.toFixed(2)}`;
  const got = linked === undefined ? "not detected" : `${linked ?? `NIL (first: ${first ?? "none"})`}${p}`;
  const place = rank === undefined ? "" : ` (rank ${rank ?? "none"})`;
  return `[${set}: ${kind}] ${mention.mention} in "${text}": gold ${gold ?? "NIL"}${place}, linked ${got}`;
}

export const percent = (part: number, total: number): string =>
  `${total === 0 ? "–" : ((100 * part) / total).toFixed(1)} %`;

import { type Figures, figuresOf, mean } from "../../src/datasets/figures.js";
import { bySplit, SPLITS, type Split } from "../../src/datasets/splits.js";
import { KINDS, type Kind } from "./artists.js";
import type { Draft } from "./compose.js";
import type { Dropped } from "./draw.js";
import type { Names } from "./names.js";

/** Columns of the paper's table 1, and how hard the captions are. */
export interface TableRow extends Figures {
  /** Share of captions whose text says more of a meant entity than its name. */
  readonly hinted: number;
  /** Other entities with the mention's name as label or alias. */
  readonly rivals: { readonly least: number; readonly median: number; readonly most: number };
}

/** What was made; also written as `statistics.json`. */
export interface PictographResult {
  readonly generator: string;
  readonly seed: number;
  readonly entities: Readonly<Record<Kind, number>>;
  readonly captions: Readonly<Record<"all" | Kind, TableRow>>;
  readonly dropped: Dropped;
  /** Name to version. */
  readonly packages: Readonly<Record<string, string>>;
}

export type DraftsBySplit = Readonly<Record<Split, readonly Draft[]>>;

/** A row for everything and one for each kind. */
export function statisticsOf(drafts: DraftsBySplit, names: Names): PictographResult["captions"] {
  return { all: row(drafts, names), ...byKind((kind) => row(selected(drafts, kind), names)) };
}

/** One value a kind. */
export const byKind = <T>(of: (kind: Kind) => T): Record<Kind, T> =>
  Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) as Record<Kind, T>;

function selected(drafts: DraftsBySplit, kind: Kind): DraftsBySplit {
  return bySplit((split) => drafts[split].filter((draft) => draft.kind === kind));
}

function row(drafts: DraftsBySplit, names: Names): TableRow {
  const all = SPLITS.flatMap((split) => drafts[split]);
  const mentions = all.flatMap((draft) => draft.mentions);
  const rivals = mentions.map(({ text }) => names.holders(text) - 1).sort((a, b) => a - b);
  return {
    ...figuresOf(drafts),
    hinted: mean(all.map(({ hinted }) => Number(hinted))),
    rivals: {
      least: rivals[0] ?? 0,
      median: rivals[Math.floor(rivals.length / 2)] ?? 0,
      most: rivals.at(-1) ?? 0,
    },
  };
}

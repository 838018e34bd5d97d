import type { Caption } from "../core/index.js";
import { bySplit, SPLITS, type Split } from "./splits.js";

/** The fields of a caption that `figuresOf` needs. A draft of a caption has these fields too. */
export type Sample = Pick<Caption, "text" | "mentions">;

/** The figures in table 1 of the paper, and the number of distinct gold entities in each split. */
export interface Figures {
  readonly samples: number;
  readonly mentions: number;
  /** Mean number of words per caption. */
  readonly textLength: number;
  readonly mentionsACaption: number;
  readonly splits: Readonly<Record<Split, { readonly single: number; readonly multi: number }>>;
  /** Number of distinct gold entities in each split. */
  readonly golds: Readonly<Record<Split, number>>;
}

/** Computes the figures of a data set. */
export function figuresOf(samples: Readonly<Record<Split, readonly Sample[]>>): Figures {
  const all = SPLITS.flatMap((split) => samples[split]);
  return {
    samples: all.length,
    mentions: all.reduce((sum, { mentions }) => sum + mentions.length, 0),
    textLength: mean(all.map(({ text }) => text.split(/\s+/).length)),
    mentionsACaption: mean(all.map(({ mentions }) => mentions.length)),
    splits: bySplit((split) => {
      const single = samples[split].filter(({ mentions }) => mentions.length === 1).length;
      return { single, multi: samples[split].length - single };
    }),
    golds: bySplit((split) => goldsOf(samples[split]).size),
  };
}

/** Returns the ids of the distinct gold entities in the captions. */
export function goldsOf(samples: readonly Sample[]): Set<string> {
  const golds = samples.flatMap(({ mentions }) => mentions.map(({ gold }) => gold));
  return new Set(golds.flatMap((gold) => (gold?.kind === "entity" ? [gold.id] : [])));
}

/** Returns the mean of a list, or 0 if the list is empty. */
export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The headings of table 1 in the paper. */
export const FIGURE_HEADINGS: readonly string[] = [
  "samples",
  "mentions",
  "text length",
  "mentions per caption",
  ...SPLITS.flatMap((split) => [`${split} single`, `${split} multi`]),
];

/** Returns a row of table 1 as a list of cells, in the order of `FIGURE_HEADINGS`. */
export function figureCells({ samples, mentions, textLength, mentionsACaption, splits }: Figures): string[] {
  const counts = SPLITS.flatMap((split) => [splits[split].single, splits[split].multi]);
  return [samples, mentions, textLength.toFixed(1), mentionsACaption.toFixed(2), ...counts].map(String);
}

/** Formats a Markdown table for a data card. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [headings, headings.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

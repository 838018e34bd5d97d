import type { Caption } from "../core/index.js";
import { bySplit, SPLITS, type Split } from "./splits.js";

/** What figures are taken of: a caption, or the draft of one. */
export type Sample = Pick<Caption, "text" | "mentions">;

/** Columns of the paper's table 1, and how many entities are meant. */
export interface Figures {
  readonly samples: number;
  readonly mentions: number;
  /** Words a caption, on average. */
  readonly textLength: number;
  readonly mentionsACaption: number;
  readonly splits: Readonly<Record<Split, { readonly single: number; readonly multi: number }>>;
  /** Different entities that captions mean. */
  readonly golds: Readonly<Record<Split, number>>;
}

/** The figures of a data set, or of a part of it. */
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

/** The entities that captions mean. */
export function goldsOf(samples: readonly Sample[]): Set<string> {
  const golds = samples.flatMap(({ mentions }) => mentions.map(({ gold }) => gold));
  return new Set(golds.flatMap((gold) => (gold?.kind === "entity" ? [gold.id] : [])));
}

/** 0 of nothing. */
export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

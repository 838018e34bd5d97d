import type { Row } from "./rows.js";

/** What a run of the tables may cost. All rows of a data set share the budget, so that they can be compared. */
export interface Budget {
  /** Layers of the text encoder, from the first; default: all. */
  readonly encoderLayers?: number;
  /** Number of training captions; default: all. */
  readonly train?: number;
  /** Number of captions that choose the checkpoint. */
  readonly dev: number;
  /** Number of captions that are reported; default: all. */
  readonly test?: number;
  /** Number of captions with names cut short; default: all. */
  readonly short?: number;
  /** Number of captions of each kind in which only the companion decides. */
  readonly companion: number;
  /** Candidates for each mention when the network is reported, as in the paper. */
  readonly candidates: number;
  /** Mentions that the runtime is measured on. */
  readonly runtimeMentions: number;
  /** The seeds of a row; `isMain` says whether the data set is Wikidata-MEL. */
  readonly seeds: (row: Row, isMain: boolean) => readonly number[];
  /** The only row of the budget; default: all rows. */
  readonly only?: string;
  /** How often in a training the checkpoint is chosen. */
  readonly evaluations: number;
  /** Settings of `mmel train`. */
  readonly settings: {
    readonly d: number;
    readonly heads: number;
    readonly epochs: number;
    readonly maxTokens: number;
    readonly learningRate: number;
    readonly encoderRate: number;
    readonly warmup: number;
    readonly batch: number;
  };
}

const SMALL = {
  d: 256,
  heads: 4,
  maxTokens: 64,
  learningRate: 3e-4,
  encoderRate: 0.2,
  warmup: 20,
  batch: 32,
};

/** Values of `--budget`. */
export const BUDGETS = {
  /** Planned for eight hours on two cores: the first layers and a fixed part of the captions. */
  small: {
    encoderLayers: 2,
    train: 4000,
    dev: 100,
    test: 300,
    short: 150,
    companion: 50,
    candidates: 100,
    runtimeMentions: 300,
    seeds: ({ isRepeated }, isMain) => (isRepeated && isMain ? [1, 2, 3] : [1]),
    evaluations: 3,
    settings: { ...SMALL, epochs: 3 },
  },
  /** The paper's settings on all captions: for a GPU, or a week. */
  full: {
    dev: 500,
    companion: 500,
    candidates: 100,
    runtimeMentions: 5256,
    seeds: () => [1, 2, 3],
    evaluations: 22,
    settings: {
      ...{ d: 512, heads: 8, epochs: 11, maxTokens: 128, batch: 32 },
      ...{ learningRate: 5e-5, encoderRate: 1, warmup: 100 },
    },
  },
  /** One longer training of MMEL-onlytext, planned for 2.5 hours on two cores. */
  long: {
    encoderLayers: 3,
    dev: 150,
    test: 700,
    short: 300,
    companion: 100,
    candidates: 100,
    runtimeMentions: 100,
    seeds: () => [1],
    only: "MMEL-onlytext",
    evaluations: 6,
    settings: { ...SMALL, d: 512, heads: 8, maxTokens: 96, warmup: 100, epochs: 8 },
  },
  /** A minute on the demo, to try the command. */
  tiny: {
    encoderLayers: 1,
    train: 12,
    dev: 4,
    test: 6,
    short: 4,
    companion: 2,
    candidates: 8,
    runtimeMentions: 4,
    seeds: () => [1],
    evaluations: 1,
    settings: { ...SMALL, d: 16, heads: 2, batch: 8, warmup: 1, epochs: 1 },
  },
} as const satisfies Readonly<Record<string, Budget>>;

export type BudgetName = keyof typeof BUDGETS;
/** Returns a budget by its name, with all its optional settings. */
export const budgetOf = (name: BudgetName): Budget => BUDGETS[name];

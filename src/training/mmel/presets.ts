/** The settings of the paper (sections 3.4 and 4.1). */
const PAPER = {
  head: { variant: "MMEL", d: 512, entityText: "properties", loss: "paper" },
  negatives: { kind: "candidates", count: 1, pool: 100 },
  twice: true,
  batch: 32,
  learningRate: 5e-5,
  weightDecay: 0.05,
  warmup: 100,
  clip: 1,
  dropout: 0.2,
  margin: 0.3,
  // For a mention with one negative, the authors' code adds up the cross-entropies of both candidates, and halves the pair losses.
  lossWeights: { matching: 2, pair: 0.5 },
  ranking: { select: "similarity" },
  evaluation: { protocol: "paper", measure: "top5", collaborative: true },
} as const;

/** Presets on which a configuration can be based. */
export const PRESETS = {
  paper: PAPER,
  /** The paper's settings for the baselines of its table 2; `head.variant` names one (see `BASELINES`). */
  baseline: {
    ...PAPER,
    head: { ...PAPER.head, variant: "BERT" },
    twice: false,
    lossWeights: {},
    ranking: {},
    evaluation: { ...PAPER.evaluation, collaborative: false },
  },
  "paper-onlytext": { ...PAPER, head: { ...PAPER.head, variant: "MMEL-onlytext" } },
  /**
   * The settings of the default model's first training run, without pictures (`experiments/mini`). The entity text
   * includes names. Only ambiguous mentions are used, and most negatives are the best wrong candidates. The weight of
   * the lexical prior rises gradually during the first half of training.
   */
  mini: {
    head: {
      variant: "MMEL-onlytext",
      d: 256,
      entityText: "name+properties",
      loss: "listwise",
      lexicalPrior: true,
    },
    maxTokens: 96,
    negatives: { kind: "candidates", count: 4, pool: 30, top: 3 },
    ambiguous: true,
    shortNames: true,
    priorWarmup: 0.5,
    twice: false,
    batch: 8,
    learningRate: 3e-4,
    encoderRate: 0.2,
    weightDecay: 0.01,
    dropout: 0.1,
    epochs: 2,
    evaluation: { every: 300, sample: 2500, candidates: 8, patience: 10 },
  },
} as const;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as [PresetName, ...PresetName[]];

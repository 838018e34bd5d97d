/** Section 4 of the specification: what the paper's text says. */
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
  evaluation: { protocol: "paper" },
} as const;

/** Settings to start from. */
export const PRESETS = {
  paper: PAPER,
  "paper-onlytext": { ...PAPER, head: { ...PAPER.head, variant: "MMEL-onlytext" } },
  /** Ours: names in the entity text, hard negatives, trained on top of the lexical ranker. */
  mini: {
    head: {
      variant: "MMEL-onlytext",
      d: 256,
      entityText: "name+properties",
      loss: "listwise",
      lexicalPrior: true,
    },
    negatives: { kind: "candidates", count: 5, pool: 30, top: 2 },
    twice: false,
    batch: 8,
    learningRate: 5e-5,
    weightDecay: 0.01,
    dropout: 0.1,
    epochs: 1,
    evaluation: { every: 500, sample: 300, candidates: 16 },
  },
} as const;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as [PresetName, ...PresetName[]];

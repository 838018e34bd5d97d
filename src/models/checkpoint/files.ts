/** The files of a checkpoint folder, after Hugging Face's names. */
export const FILES = {
  config: "config.json",
  weights: "model.safetensors",
  tokenizer: "tokenizer.json",
  card: "README.md",
  /** Put there later, by `mmel calibrate`; of no meaning to another checkpoint. */
  calibration: "calibration.json",
  /** What the model sees in pictures, if it looks at them: numbers, and a matrix. */
  sight: "sight.json",
  sightWeights: "sight.safetensors",
} as const;

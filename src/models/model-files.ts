/** File names in a checkpoint folder, after Hugging Face's names. */
export const MODEL_FILES = {
  config: "config.json",
  weights: "model.safetensors",
  tokenizer: "tokenizer.json",
  card: "README.md",
  /** Added by `mmel calibrate`; valid for this model only. */
  calibration: "calibration.json",
  /** Parameters of the image likeness, if the model uses pictures. */
  imageLikeness: "sight.json",
  /** The whitening matrix of the image likeness. */
  imageLikenessWeights: "sight.safetensors",
} as const;

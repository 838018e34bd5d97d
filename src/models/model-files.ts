/** Names of the files in a checkpoint folder. They follow Hugging Face's conventions where these exist. */
export const MODEL_FILES = {
  config: "config.json",
  weights: "model.safetensors",
  tokenizer: "tokenizer.json",
  card: "README.md",
  /** Calibration parameters, written by `mmel calibrate`. They are valid only for the model in the same folder. */
  calibration: "calibration.json",
  /** Parameters of the image-similarity model, if the folder contains one. */
  imageLikeness: "sight.json",
  /** Mean vector and whitening matrix of the image-similarity model. */
  imageLikenessWeights: "sight.safetensors",
} as const;

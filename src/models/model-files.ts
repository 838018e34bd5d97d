/** Names of the files in a model folder. They follow Hugging Face's conventions where these exist. */
export const MODEL_FILES = {
  config: "config.json",
  weights: "model.safetensors",
  tokenizer: "tokenizer.json",
  /** Weights of the lexical ranker, in a folder of its own. */
  lexical: "weights.json",
  /** In the folder of a network: adapted weights of the lexical ranker, its first stage (see `mmel adapt`). */
  firstStage: "first-stage.json",
  card: "README.md",
  /** Calibration parameters, written by `mmel calibrate`. They are valid only for the model in the same folder. */
  calibration: "calibration.json",
  /** Parameters of the image-similarity model, if the folder contains one. */
  imageLikeness: "sight.json",
  /** Mean vector and whitening matrix of the image-similarity model. */
  imageLikenessWeights: "sight.safetensors",
} as const;

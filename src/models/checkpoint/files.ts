/** The files of a checkpoint folder, after Hugging Face's names. */
export const FILES = {
  config: "config.json",
  weights: "model.safetensors",
  tokenizer: "tokenizer.json",
  card: "README.md",
} as const;

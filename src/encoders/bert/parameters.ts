import type { TensorNaming } from "../../formats/safetensors/index.js";
import type { BertConfig } from "./config.js";

/** Every weight of the encoder: Hugging Face's name -> shape. The pooler is not part of it: nothing here pools by [CLS]. */
export function bertParameters(config: BertConfig): ReadonlyMap<string, readonly number[]> {
  const { hidden_size: width, intermediate_size: inner } = config;
  const shapes = new Map<string, readonly number[]>();
  const norm = (name: string) => shapes.set(`${name}.weight`, [width]).set(`${name}.bias`, [width]);
  const linear = (name: string, from: number, to: number) =>
    shapes.set(`${name}.weight`, [to, from]).set(`${name}.bias`, [to]);

  shapes.set("embeddings.word_embeddings.weight", [config.vocab_size, width]);
  shapes.set("embeddings.position_embeddings.weight", [config.max_position_embeddings, width]);
  shapes.set("embeddings.token_type_embeddings.weight", [config.type_vocab_size, width]);
  norm("embeddings.LayerNorm");
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = `encoder.layer.${layer}`;
    for (const part of ["query", "key", "value"]) linear(`${at}.attention.self.${part}`, width, width);
    linear(`${at}.attention.output.dense`, width, width);
    norm(`${at}.attention.output.LayerNorm`);
    linear(`${at}.intermediate.dense`, width, inner);
    linear(`${at}.output.dense`, inner, width);
    norm(`${at}.output.LayerNorm`);
  }
  return shapes;
}

/**
 * How files name the same weights: with or without the `bert.` of a model with a task head, LayerNorm's parts `gamma`
 * and `beta` in files from before 2019. Position numbers, pooler, task heads, and layers beyond those that the
 * configuration keeps, lie unused.
 */
export function bertNaming({ num_hidden_layers }: BertConfig): TensorNaming {
  return {
    rename: (stored) =>
      stored
        .replace(/^bert\./, "")
        .replace(/LayerNorm\.gamma$/, "LayerNorm.weight")
        .replace(/LayerNorm\.beta$/, "LayerNorm.bias"),
    unused: (name) => {
      const layer = /^encoder\.layer\.(\d+)\./.exec(name)?.[1];
      if (layer !== undefined) return Number(layer) >= num_hidden_layers;
      return name === "embeddings.position_ids" || /^(pooler|cls|classifier|qa_outputs)\./.test(name);
    },
  };
}

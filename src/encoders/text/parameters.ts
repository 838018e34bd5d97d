import type { TensorNaming } from "../../formats/safetensors/index.js";
import type { TextEncoderConfig } from "../text-config.js";
import { LAYOUTS } from "./layout.js";

/** Every weight of the encoder: Hugging Face's name -> shape. The pooler is not part of it: nothing here pools by [CLS]. */
export function encoderParameters(config: TextEncoderConfig): ReadonlyMap<string, readonly number[]> {
  const { hidden_size: width, intermediate_size: inner } = config;
  const layout = LAYOUTS[config.model_type];
  const shapes = new Map<string, readonly number[]>();
  const norm = (name: string) => shapes.set(`${name}.weight`, [width]).set(`${name}.bias`, [width]);
  const linear = (name: string, from: number, to: number) =>
    shapes.set(`${name}.weight`, [to, from]).set(`${name}.bias`, [to]);

  shapes.set("embeddings.word_embeddings.weight", [config.vocab_size, width]);
  shapes.set("embeddings.position_embeddings.weight", [config.max_position_embeddings, width]);
  if (layout.tokenTypes !== "absent")
    shapes.set("embeddings.token_type_embeddings.weight", [config.type_vocab_size, width]);
  norm("embeddings.LayerNorm");
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const at = `${layout.layer}.${layer}`;
    const { query, key, value, output } = layout.projections;
    for (const part of [query, key, value, output]) linear(`${at}.attention.${part}`, width, width);
    norm(`${at}.${layout.attentionNorm}`);
    linear(`${at}.${layout.inner}`, width, inner);
    linear(`${at}.${layout.outer}`, inner, width);
    norm(`${at}.${layout.outerNorm}`);
  }
  return shapes;
}

/**
 * How files name the same weights: with or without the prefix of a model with a task head, LayerNorm's parts `gamma`
 * and `beta` in files from before 2019. Position numbers, pooler, task heads, and layers beyond those that the
 * configuration keeps, lie unused.
 */
export function encoderNaming({ model_type, num_hidden_layers }: TextEncoderConfig): TensorNaming {
  const { prefix, layer, heads } = LAYOUTS[model_type];
  return {
    rename: (stored) =>
      (stored.startsWith(prefix) ? stored.slice(prefix.length) : stored)
        .replace(/LayerNorm\.gamma$/, "LayerNorm.weight")
        .replace(/LayerNorm\.beta$/, "LayerNorm.bias"),
    unused: (name) => {
      if (name.startsWith(`${layer}.`))
        return Number.parseInt(name.slice(layer.length + 1), 10) >= num_hidden_layers;
      return name === "embeddings.position_ids" || heads.test(name);
    },
  };
}

import { attention, feedForward, norm } from "../../tensor/nn.js";
import { add, type Value } from "../../tensor/onnx/index.js";
import { type MmelConfig, variantOf } from "./config.js";
import { sameSide, type Tokens } from "./tokens.js";

/**
 * q joint image layers (equation 3) of two self-attentions and a feed-forward, each with residual and norm. Images of
 * context and entity see each other; in the variants -JL_v and -JL each side only itself, through the same weights.
 */
export function joinImages(images: Tokens, config: MmelConfig, rate: number): Tokens {
  const { d, heads, jointLayers } = config;
  const apart = variantOf(config).jointImage ? {} : { bias: sameSide(images, images) };
  const look = (name: string, z: Value) => attention(name, z, z, { heads, dropout: rate, ...apart });
  const layer = (z0: Value): Value => {
    const z1 = norm("norm1", add(z0, look("attention1", z0)));
    const z2 = norm("norm2", add(z1, look("attention2", z1)));
    return norm("norm3", add(z2, feedForward("ffn", z2, { inner: 2 * d, width: d, dropout: rate })));
  };
  let z = images.x;
  for (let at = 0; at < jointLayers; at++) z = z.graph.scope(`joint.${at}`, () => layer(z));
  return { ...images, x: z };
}

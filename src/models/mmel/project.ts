import { linear, norm } from "../../tensor/nn.js";
import { dropout, relu, reshape, type Value, where } from "../../tensor/onnx/index.js";
import { type MmelConfig, variantOf } from "./config.js";
import { SIDE, type Tokens } from "./tokens.js";

/** Drop(LN(ReLU(x W + b))): equations 2 and 4, the norm if the configuration has it. */
function project(name: "text" | "image", x: Value, width: number, config: MmelConfig, rate: number): Value {
  return x.graph.scope(name, () => {
    const projected = relu(linear("projection", x, width));
    return dropout(config.projectionNorm ? norm("norm", projected) : projected, rate);
  });
}

/** Hidden states of the text encoder [P, L, d_t] to text tokens U [P, L, d]. */
export function projectText(hidden: Value, config: MmelConfig, rate: number): Value {
  return project("text", hidden, config.d, config, rate);
}

/** Image vectors of a pair: [P, 2 views, d_v], the context's views before the entity's, and bool [P, 2 views]. */
export interface ImageInputs {
  readonly vectors: Value;
  readonly present: Value;
}

/** Image tokens V [P, 2 views k, d]; an absent image is the learned vector `image.none` [d_v]. */
export function projectImages({ vectors, present }: ImageInputs, config: MmelConfig, rate: number): Tokens {
  const { graph } = vectors;
  const [pairs, views] = present.shape as [number, number];
  const { imageTokens } = variantOf(config);
  const none = graph.scope("image", () => graph.parameter("none", [config.imageWidth]));
  const all = where(reshape(present, [pairs, views, 1]), vectors, none);
  const wide = project("image", all, imageTokens * config.d, config, rate);
  const tokens = views * imageTokens;
  const sides = BigInt64Array.from({ length: tokens }, (_, at) =>
    BigInt(at < tokens / 2 ? SIDE.context : SIDE.entity),
  );
  return { x: reshape(wide, [pairs, tokens, config.d]), side: graph.constant(sides, [1, tokens]) };
}

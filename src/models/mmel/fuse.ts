import { feedForward } from "../../tensor/nn.js";
import { add, concat, mul, slice, softmax, type Value } from "../../tensor/onnx/index.js";
import { type MmelConfig, variantOf } from "./config.js";
import { mEncoder } from "./m-encoder.js";
import { mcm, textAlone } from "./mcm.js";
import { poolSides, type Tokens } from "./tokens.js";

const FUSIONS = { mcm, "m-encoder": mEncoder } as const;

/** The fused features h^c and h^e of every pair: [P, 2, d]. Without images: the pooled text. */
export function fuse(text: Tokens, images: Tokens | undefined, config: MmelConfig, rate: number): Value {
  const { fusion } = variantOf(config);
  if (images === undefined || fusion === "text") return poolSides(textAlone(text, config, rate));
  const [u, v] = FUSIONS[fusion](text, images, config, rate);
  return gate(poolSides(u), poolSides(v), config.d, rate);
}

/** Equations 8 and 9: g = softmax(FFN([f_t; f_v])), h = g_1 f_t + g_2 f_v; [P, 2, d] each. */
function gate(text: Value, image: Value, d: number, rate: number): Value {
  const g = softmax(feedForward("gate", concat([text, image], -1), { inner: d, width: 2, dropout: rate }));
  return add(mul(slice(g, -1, 0, 1), text), mul(slice(g, -1, 1, 2), image));
}

import { attention, feedForward, linear, norm, project } from "../../tensor/nn.js";
import { add, dropout, matmul, relu, reshape, softmax, type Value } from "../../tensor/onnx/index.js";
import type { MmelConfig } from "./config.js";
import { joined, sameSide, type Tokens } from "./tokens.js";

/**
 * The M-Encoder of MKGformer (Chen et al., SIGIR 2022) in place of MCM: in each layer the text attends to itself, the
 * images to images and text, and the text's feed-forward takes in what each text token correlates with among the images.
 */
export function mEncoder(text: Tokens, images: Tokens, config: MmelConfig, rate: number): [Tokens, Tokens] {
  let [u, v] = [text, images];
  for (let at = 0; at < config.mEncoderLayers; at++)
    [u, v] = u.x.graph.scope(`mEncoder.${at}`, () => layer(u, v, config, rate));
  return [u, v];
}

function layer(u: Tokens, v: Tokens, config: MmelConfig, rate: number): [Tokens, Tokens] {
  const { d, heads } = config;
  const look = (name: string, queries: Tokens, keys: Tokens): Value =>
    attention(name, queries.x, keys.x, { heads, dropout: rate, bias: sameSide(queries, keys) });
  const u1 = { ...u, x: norm("textNorm1", add(u.x, look("textAttention", u, u))) };
  const v1 = { ...v, x: norm("imageNorm1", add(v.x, look("imageAttention", v, joined(v, u1)))) };
  const wide = add(linear("textFfn.in", u1.x, 2 * d), project("correlation", correlate(u1, v1), 2 * d));
  const u2 = norm("textNorm2", add(u1.x, linear("textFfn.out", dropout(relu(wide), rate), d)));
  const v2 = norm(
    "imageNorm2",
    add(v1.x, feedForward("imageFfn", v1.x, { inner: 2 * d, width: d, dropout: rate })),
  );
  return [
    { ...u, x: u2 },
    { ...v, x: v2 },
  ];
}

/** G = softmax(U V^T / sqrt d) V within each side: what the images hold for each text token. [P, L, d] */
function correlate(u: Tokens, v: Tokens): Value {
  const [pairs, n, d] = u.x.shape as [number, number, number];
  const m = v.x.shape[1] as number;
  const one = (x: Value, rows: number): Value => reshape(x, [pairs, 1, rows, d]);
  const scores = matmul(one(u.x, n), one(v.x, m), { transposeB: true, scale: 1 / Math.sqrt(d) });
  return reshape(matmul(softmax(add(scores, sameSide(u, v))), one(v.x, m)), [pairs, n, d]);
}

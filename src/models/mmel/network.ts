import { type TextEncoderConfig, textEncoder } from "../../encoders/index.js";
import { add, cast, type Dim, type Graph, mul, type Value } from "../../tensor/onnx/index.js";
import { type MmelConfig, variantOf } from "./config.js";
import { fuse } from "./fuse.js";
import { joinImages } from "./joint.js";
import { matchLogits } from "./match.js";
import { projectImages, projectText } from "./project.js";
import { joined, SIDE, type Tokens } from "./tokens.js";

/** A model as its checkpoint describes it. */
export interface MmelArchitecture {
  readonly encoder: TextEncoderConfig;
  readonly head: MmelConfig;
}

/** A run of the text encoder: over context and entity together, or (-JL_t, -JL) over each alone. */
export type Pass = "pair" | "context" | "entity";

export function passesOf(config: MmelConfig): readonly [Pass, ...Pass[]] {
  return variantOf(config).jointText ? ["pair"] : ["context", "entity"];
}

/** P pairs, each pass padded to a length. */
export interface PairShape {
  readonly pairs: Dim;
  readonly lengths: Readonly<Partial<Record<Pass, Dim>>>;
}

export interface PairOutputs {
  /** Equation 10 before its softmax: [P, 2]. */
  readonly logits: Value;
  /** h^c and h^e: [P, 2, d]. */
  readonly features: Value;
}

/**
 * The forward pass over P pairs of a mention and a candidate (section 3). Inputs, for each pass: `PASS.ids` (int64),
 * `PASS.segments`, `PASS.attention`, `PASS.context`, `PASS.entity` (bool), all [P, L]; with images `images.vectors`
 * [P, 2 views, d_v], the context's views before the entity's, and `images.present` (bool) [P, 2 views].
 */
export function pairs(graph: Graph, model: MmelArchitecture, shape: PairShape, rate: number): PairOutputs {
  const { head } = model;
  const [first, ...rest] = passesOf(head);
  const pass = (name: Pass): Tokens => textTokens(graph, model, name, shape, rate);
  const text = rest.map(pass).reduce(joined, pass(first));
  const features = fuse(text, imageTokens(graph, head, shape.pairs, rate), head, rate);
  return { logits: matchLogits(features), features };
}

function textTokens(
  graph: Graph,
  { encoder, head }: MmelArchitecture,
  pass: Pass,
  shape: PairShape,
  rate: number,
): Tokens {
  const length = shape.lengths[pass] ?? graph.fail("input", `no length for the pass "${pass}"`);
  const input = (name: string, dtype: "int64" | "bool"): Value =>
    graph.input(`${pass}.${name}`, [shape.pairs, length], dtype);
  const ids = input("ids", "int64");
  const segments = input("segments", "bool");
  const attention = input("attention", "bool");
  const hidden = graph.scope("encoder", () => textEncoder(encoder, { ids, segments, attention }));
  const labelled = (name: "context" | "entity"): Value => mul(cast(input(name, "bool"), "int64"), SIDE[name]);
  return { x: projectText(hidden, head, rate), side: add(labelled("context"), labelled("entity")) };
}

function imageTokens(graph: Graph, head: MmelConfig, rows: Dim, rate: number): Tokens | undefined {
  if (variantOf(head).imageTokens === 0) return undefined;
  const views = 2 * head.imageViews;
  const images = {
    vectors: graph.input("images.vectors", [rows, views, head.imageWidth]),
    present: graph.input("images.present", [rows, views], "bool"),
  };
  return joinImages(projectImages(images, head, rate), head, rate);
}

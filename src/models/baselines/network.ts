/**
 * The network of a baseline, as its row in `BASELINES` says, in three parts: the mention's side, which all candidates share, the
 * entity's side, which does not depend on the mention, and the score of a pair. d_t is the width of the text encoder, d that
 * of the head.
 */
import type { TextEncoderConfig } from "../../encoders/index.js";
import { linear } from "../../tensor/nn.js";
import { add, cast, type Dim, equal, type Graph, reshape, type Value } from "../../tensor/onnx/index.js";
import { matchLogit } from "../mmel/network.js";
import { likelihood } from "./decoder.js";
import {
  alternating,
  type Both,
  concatenated,
  crossModal,
  gated,
  levels,
  overModalities,
  type Sizes,
  windowed,
} from "./fusions.js";
import { cosine, dot, nodes, perceptron } from "./scores.js";
import type { Baseline, BaselinePass } from "./table.js";
import {
  embedded,
  encoded,
  first,
  gru,
  mean,
  type PassInputs,
  passInputs,
  views,
  type Words,
} from "./towers.js";

/** What a baseline's network needs of a configuration. */
export interface BaselineModel {
  readonly encoder: TextEncoderConfig;
  readonly row: Baseline;
  readonly head: Sizes & { readonly imageWidth: number; readonly imageViews: number };
}

/** Number of rows of a side, N, and the padded length of each pass. */
export interface SideShape {
  readonly rows: Dim;
  readonly lengths: Readonly<Partial<Record<BaselinePass, Dim>>>;
}

/** What a side is encoded to, by name; the first axis of each tensor is N. */
export type Side = Readonly<Record<string, Value>>;

/** The mention's side. With images before a gate, also what the gate is given, and which views there are, bool [N, v]. */
export interface MentionSide {
  readonly side: Side;
  readonly both?: Both & { readonly present: Value };
}

/** The outputs for P pairs. */
export interface PairScores {
  /** The score l, [P]; absent with the score `graph`. */
  readonly match?: Value;
  /** The logits of "no match" and "match", [P, 2], with the score `perceptron`. */
  readonly logits?: Value;
  /** The candidates as nodes of a graph, [P, 2 d], from which `neighbourScores` computes l, with the score `graph`. */
  readonly nodes?: Value;
}

/** Reads a pass: its tokens' states [N, L, d_t]. Adds the inputs of `passInputs`. */
const words = (graph: Graph, model: BaselineModel, pass: BaselinePass, shape: SideShape): Words =>
  encoded(model.encoder, inputsOf(graph, pass, shape));

function inputsOf(graph: Graph, pass: BaselinePass, { rows, lengths }: SideShape): PassInputs {
  const length = lengths[pass] ?? graph.fail("input", `no length for the pass "${pass}"`);
  return passInputs(graph, pass, [rows, length]);
}

/** Reads the images of a side: adds the inputs `SIDE.images` [N, v, d_v] and `SIDE.present` (bool) [N, v]. */
function image(
  graph: Graph,
  { head }: BaselineModel,
  side: "context" | "entity",
  { rows }: SideShape,
): Words & { present: Value } {
  const vectors = graph.input(`${side}.images`, [rows, head.imageViews, head.imageWidth]);
  const present = graph.input(`${side}.present`, [rows, head.imageViews], "bool");
  return { ...views(vectors, present), present };
}

/** Encodes mentions with their contexts. */
export function mentionSide(graph: Graph, model: BaselineModel, shape: SideShape): MentionSide {
  const { row, encoder, head } = model;
  if (row.fuse === "windows") return { side: windows(graph, model, shape) };
  const text = words(graph, model, "context", shape);
  if (row.score === "likelihood") return { side: { context: text.x, mask: cast(text.mask!, "float32") } };
  const letters = row.fuse === "modalities" && embedded(encoder, inputsOf(graph, "letters", shape));
  return graph.scope("mention", () => {
    if (row.fuse === "levels") {
      const seen = row.images ? image(graph, model, "context", shape) : undefined;
      const summed = levels(text, seen, head);
      if (summed.image === undefined) return { side: { vector: linear("out", summed.text, head.d) } };
      const both = { text: summed.text, image: summed.image, present: seen!.present };
      return { side: { vector: linear("out", gated(both, head.d), head.d) }, both };
    }
    if (letters) {
      const seen = image(graph, model, "context", shape);
      return { side: { vector: overModalities(text, letters, seen, head.d) } };
    }
    return { side: { vector: joined(row, text, () => image(graph, model, "context", shape), head) } };
  });
}

/** Encodes entities. */
export function entitySide(graph: Graph, model: BaselineModel, shape: SideShape): Side {
  const { row, head } = model;
  if (row.score === "likelihood") {
    const { ids, attention } = inputsOf(graph, "name", shape);
    return { ids: add(ids, 0), mask: cast(attention, "float32") };
  }
  const text = words(graph, model, "entity", shape);
  return graph.scope("entity", () => {
    if (row.entityImages)
      return { vector: joined(row, text, () => image(graph, model, "entity", shape), head) };
    return { vector: row.fuse === "first" ? first(text) : linear("out", mean(text), head.d) };
  });
}

/** The fusions of a text with at most one image: [N, d]. */
function joined({ fuse }: Baseline, text: Words, image: () => Words, head: Sizes): Value {
  if (fuse === "first") return first(text);
  if (fuse === "concat") return concatenated(text, image(), head.d);
  if (fuse === "alternating") return alternating(text, image(), head);
  if (fuse === "crossmodal") return crossModal(text, image(), head);
  return linear("out", mean(text), head.d);
}

/** ARNN: a GRU reads the words before the mention, and another those after it, backwards; and the mention's own words. */
function windows(graph: Graph, model: BaselineModel, shape: SideShape): Side {
  const { d } = model.head;
  const read = (pass: "left" | "right") => gru(pass, words(graph, model, pass, shape), d, pass === "right");
  const [left, right] = [read("left"), read("right")];
  return {
    left: left.x,
    leftMask: cast(left.mask!, "float32"),
    right: right.x,
    rightMask: cast(right.mask!, "float32"),
    mention: linear("mention", mean(words(graph, model, "mention", shape)), d),
  };
}

/**
 * Scores P pairs from their sides. The mention's side has P rows, or one that all pairs share.
 */
export function pairScores({ row, encoder, head }: BaselineModel, mention: Side, entity: Side): PairScores {
  const masked = (x: Value, mask: Value): Words => ({ x, mask: equal(mask, 1) });
  if (row.score === "likelihood") {
    const name = { ids: entity.ids!, attention: equal(entity.mask!, 1) };
    return { match: likelihood(encoder, masked(mention.context!, mention.mask!), name, head.dropout) };
  }
  const e = entity.vector!;
  if (row.score === "perceptron") {
    const left = windowed("leftAttention", masked(mention.left!, mention.leftMask!), e, head.d);
    const right = windowed("rightAttention", masked(mention.right!, mention.rightMask!), e, head.d);
    const logits = perceptron(mention.mention!, [left, right, e], head.d);
    return { logits, match: matchLogit(logits) };
  }
  const q = mention.vector!;
  if (row.score === "graph") return { nodes: nodes(q, e, head.d) };
  return { match: row.score === "dot" ? dot(q, e) : cosine(q, e) };
}

/** Scores P pairs with a cross-encoder: the state of [CLS] -> [P]. */
export function crossScores(graph: Graph, model: BaselineModel, shape: SideShape): Value {
  return reshape(linear("match", first(words(graph, model, "pair", shape)), 1), [shape.rows]);
}

/** What the baselines minimise: one function a `Baseline.loss`. G captions of M mentions with R candidates each. */
import { crossEntropy, listwise, marginLoss } from "../../tensor/nn.js";
import {
  add,
  cast,
  concat,
  equal,
  expand,
  type Graph,
  matmul,
  mul,
  neg,
  reduceMax,
  reduceMean,
  reshape,
  slice,
  type Value,
  where,
} from "../../tensor/onnx/index.js";
import { type GroupShape, paperMatching } from "../mmel/loss.js";
import {
  type BaselineModel,
  crossScores,
  entitySide,
  type MentionSide,
  mentionSide,
  pairScores,
  type Side,
  type SideShape,
} from "./network.js";
import { neighbourScores, unit } from "./scores.js";

/** The margin of the hinge. */
const MARGIN = 0.25;
/** τ, the temperature of the contrast between text and image (GHMFC). */
const TEMPERATURE = 0.6;
/** The score of a masked column: low enough that its share is exactly 0. */
const MASKED = -1e30;

/**
 * Builds the loss of each caption, the mean over its mentions: [G]. Adds the inputs of the sides, of the mention's for G M
 * mentions and of the entity's for P = G M R pairs. The losses within a batch add the inputs of `distinctInput`: `entities`
 * for `batch`, `captions` for the contrast.
 */
export function baselineLoss(
  graph: Graph,
  model: BaselineModel,
  shape: GroupShape & Pick<SideShape, "lengths">,
): Value {
  const { groups, mentions, candidates, lengths } = shape;
  const { loss, score } = model.row;
  const contexts = groups * mentions;
  const pairs = { rows: contexts * candidates, lengths };
  const ofGroups = (each: Value): Value => reduceMean(reshape(each, [groups, mentions]), [1]);
  const listed = (match: Value): Value => reshape(match, [groups, mentions, candidates]);
  if (score === "linear") return ofGroups(listwise(listed(crossScores(graph, model, pairs))));
  const { side, both } = mentionSide(graph, model, { rows: contexts, lengths });
  const entity = entitySide(graph, model, pairs);
  if (loss === "batch") return ofGroups(withinBatch(side.vector!, entity.vector!, candidates));
  if (loss === "name") return ofGroups(neg(pairScores(model, side, positives(entity, candidates)).match!));
  const { match, logits, nodes } = pairScores(model, repeated(side, candidates), entity);
  if (loss === "two-way") return paperMatching(logits!, shape);
  if (loss === "candidates")
    return ofGroups(listwise(nodes === undefined ? listed(match!) : joint(nodes, model.head.d, shape)));
  const hinged = ofGroups(hinge(listed(match!)));
  return loss === "hinge+contrast" ? add(hinged, ofGroups(contrast(both!))) : hinged;
}

/** Repeats each row for its candidates: [C, ..] -> [C R, ..]. */
const repeated = (side: Side, candidates: number): Side =>
  changed(side, (x) => {
    const [rows, ...rest] = x.shape as number[];
    const spread = expand(reshape(x, [rows!, 1, ...rest]), [rows!, candidates, ...rest]);
    return reshape(spread, [rows! * candidates, ...rest]);
  });

/** The rows of the positives: [C R, ..] -> [C, ..]. */
const positives = (side: Side, candidates: number): Side =>
  changed(side, (x) => {
    const [rows, ...rest] = x.shape as number[];
    const contexts = rows! / candidates;
    return reshape(slice(reshape(x, [contexts, candidates, ...rest]), 1, 0, 1), [contexts, ...rest]);
  });

const changed = (side: Side, change: (x: Value) => Value): Side =>
  Object.fromEntries(Object.entries(side).map(([name, x]) => [name, change(x)]));

/** The mean over the negatives of max(negative - positive + margin, 0): [G, M, R] -> [G, M]. */
function hinge(match: Value): Value {
  const candidates = match.shape[2] as number;
  return reduceMean(marginLoss(slice(match, 2, 0, 1), slice(match, 2, 1, candidates), MARGIN), [2]);
}

/** NCEL: the scores of all mentions' candidates; the mentions of a group are neighbours: [P, 2 d] -> [G, M, R]. */
function joint(nodes: Value, d: number, { groups, mentions, candidates }: GroupShape): Value {
  const all = reshape(nodes, [groups, mentions, candidates, 2 * d]);
  const of = (mention: number): Value =>
    reshape(slice(all, 1, mention, mention + 1), [groups, candidates, 2 * d]);
  const scores = Array.from({ length: mentions }, (_, mention) => {
    const [one, ...more] = Array.from({ length: mentions }, (_, at) => at).filter((at) => at !== mention);
    const others = one === undefined ? undefined : concat([of(one), ...more.map(of)], 1);
    return reshape(neighbourScores(of(mention), others, d), [groups, 1, candidates]);
  }) as [Value, ...Value[]];
  return concat(scores, 1);
}

/**
 * BLINK: cross-entropy of the own entity against all entities of the micro-batch, mentions [C, d] and entities [P, d] -> [C].
 */
function withinBatch(mention: Value, entity: Value, candidates: number): Value {
  const { keys, isFirst } = distinctInput(entity, "entities");
  const [contexts] = mention.shape as [number];
  const scores = matmul(mention, entity, { transposeB: true }); // [C, P]
  const golds = reshape(slice(reshape(keys, [contexts, candidates]), 1, 0, 1), [contexts, 1]);
  return against(scores, golds, { keys, isFirst }, candidates);
}

/**
 * GHMFC: InfoNCE between the text and the image of the same mention, against the images of the other captions of the
 * micro-batch: [C]. It is 0 for a mention without an image.
 */
function contrast({ text, image, present }: NonNullable<MentionSide["both"]>): Value {
  const { keys, isFirst } = distinctInput(text, "captions");
  const [contexts] = text.shape as [number];
  const hasImage = reduceMax(cast(present, "float32"), [1]); // [C]
  const other = equal(mul(cast(isFirst, "float32"), hasImage), 1);
  const scores = matmul(unit(text), unit(image), { transposeB: true, scale: 1 / TEMPERATURE }); // [C, C]
  const each = against(scores, reshape(keys, [contexts, 1]), { keys, isFirst: other }, 1);
  return mul(each, hasImage);
}

/**
 * The inputs `NAME` (int64), which numbers what each row of x is about, and `NAME.first` (bool), which is true where that occurs
 * for the first time: [N] each.
 */
function distinctInput(x: Value, name: "entities" | "captions"): { keys: Value; isFirst: Value } {
  const [rows] = x.shape as [number];
  const { graph } = x;
  return { keys: graph.input(name, [rows], "int64"), isFirst: graph.input(`${name}.first`, [rows], "bool") };
}

/**
 * Cross-entropy over the columns of scores [C, N], where row c's own column is c `step`. Every other column counts once for
 * each key, and not at all if its key is the row's own: [C].
 */
function against(
  scores: Value,
  own: Value,
  { keys, isFirst }: { keys: Value; isFirst: Value },
  step: number,
): Value {
  const [rows, columns] = scores.shape as [number, number];
  const places = Float32Array.from({ length: rows * columns }, (_, at) =>
    at % columns === step * Math.floor(at / columns) ? 1 : 0,
  );
  const isOwn = scores.graph.constant(Uint8Array.from(places), [rows, columns], "bool");
  const others = where(equal(own, reshape(keys, [1, columns])), MASKED, where(isFirst, scores, MASKED));
  const labels = scores.graph.constant(places, [rows, columns]);
  return crossEntropy(where(isOwn, scores, others), labels);
}

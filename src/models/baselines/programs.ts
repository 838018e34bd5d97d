/**
 * The programs with which a baseline scores. Mentions and entities are encoded apart, so that an entity is encoded once for all
 * the mentions whose candidate it is.
 */
import { compile, createGraph, type Dim, type Program, type Value } from "../../tensor/onnx/index.js";
import {
  type BaselineModel,
  crossScores,
  entitySide,
  mentionSide,
  pairScores,
  type Side,
  type SideShape,
} from "./network.js";
import { neighbourScores } from "./scores.js";

type Lengths = SideShape["lengths"];

/** Encodes any number of mentions: a program with the outputs of `MentionSide.side`. */
export const mentionProgram = (model: BaselineModel, lengths: Lengths): Program =>
  compile(mentionSide(createGraph(), model, { rows: "mentions", lengths }).side);

/** Encodes any number of entities: a program with the outputs of `entitySide`. */
export const entityProgram = (model: BaselineModel, lengths: Lengths): Program =>
  compile(entitySide(createGraph(), model, { rows: "entities", lengths }));

/**
 * Scores a mention with any number of entities. The inputs are the outputs of both sides, `mention.NAME` [1, ..] and
 * `entity.NAME` [n, ..]. Outputs: `match` [n], or `nodes` [n, 2 d] with the score `graph`.
 */
export function pairProgram(model: BaselineModel, lengths: Lengths): Program {
  const graph = createGraph();
  const sides = createGraph();
  const received = (side: Side, name: string, rows: Dim): Side =>
    Object.fromEntries(
      Object.entries(side).map(([key, { shape, dtype }]) => [
        key,
        graph.input(`${name}.${key}`, [rows, ...shape.slice(1)], dtype),
      ]),
    );
  const mention = mentionSide(sides, model, { rows: "mentions", lengths }).side;
  const entity = entitySide(sides, model, { rows: "entities", lengths });
  const { match, nodes } = pairScores(
    model,
    received(mention, "mention", 1),
    received(entity, "entity", "entities"),
  );
  return compile(match === undefined ? { nodes: nodes! } : { match });
}

/** Scores any number of pairs with a cross-encoder: a program with the output `match`. */
export const crossProgram = (model: BaselineModel, lengths: Lengths): Program =>
  compile({ match: crossScores(createGraph(), model, { rows: "pairs", lengths }) });

/**
 * Scores a mention's candidates, given those of its neighbours: inputs `own` [n, 2 d] and `others` [m, 2 d] -> `match` [n]. A
 * row of zeros in `others` has no effect.
 */
export function neighbourProgram(d: number): Program {
  const graph = createGraph();
  const node = (name: string): Value => graph.input(name, [name, 2 * d]);
  return compile({ match: neighbourScores(node("own"), node("others"), d) });
}

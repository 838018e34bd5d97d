import protobuf, { type onnx } from "onnx-proto";
import { DTYPE_CODES } from "./elementwise.js";
import { type Attributes, type Node, OPERATORS, type TensorData, type Value } from "./value.js";

const { ModelProto, TensorProto } = protobuf.onnx;
const { AttributeType } = protobuf.onnx.AttributeProto;

/** The operator sets that graphs use, with the matching IR version. */
const OPSETS = [
  { domain: "", version: 20 },
  { domain: "com.microsoft", version: 1 },
];
const IR_VERSION = 9;

/** Names of the attributes that ONNX stores as floats, even if their values are integers. */
const FLOATS: ReadonlySet<string> = new Set(["alpha", "beta", "epsilon"]);

/**
 * How parameters get their values. `fed` parameters are passed in at every run, like inputs. `external` parameters are
 * read from external data that is stored under the parameter's name.
 */
export type Weights = "fed" | "external";

/** The part of a graph that its outputs depend on. */
export interface Subgraph {
  readonly nodes: readonly Node[];
  /** Inputs, masks, parameters and constants that the outputs depend on, each listed once. */
  readonly leaves: readonly Value[];
  /** The outputs, without duplicates. */
  readonly outputs: readonly Value[];
}

/** Serialises a subgraph as an ONNX file. The file declares all `inputs`, including unused ones. */
export function toModelProto(
  { nodes, leaves, outputs }: Subgraph,
  inputs: readonly Value[],
  weights: Weights,
): Uint8Array {
  const leavesOf = (kind: Value["origin"]["kind"]) => leaves.filter((leaf) => leaf.origin.kind === kind);
  const parameters = leavesOf("parameter");
  const fed = [...inputs, ...leavesOf("mask"), ...(weights === "fed" ? parameters : [])];
  const external = weights === "external" ? parameters.map(externalTensor) : [];
  const model = {
    irVersion: IR_VERSION,
    producerName: "mmel",
    opsetImport: OPSETS,
    graph: {
      name: "mmel",
      node: nodes.map(nodeProto),
      input: fed.map(valueInfo),
      output: outputs.map(valueInfo),
      initializer: [...leavesOf("constant").map(constantTensor), ...external],
    },
  };
  return ModelProto.encode(ModelProto.fromObject(model)).finish();
}

/** Returns the part of the graph that `outputs` depend on. */
export function subgraph(outputs: readonly Value[]): Subgraph {
  const graph = outputs[0]?.graph;
  const needed = new Set<Value>(outputs);
  const nodes: Node[] = [];
  for (const node of graph?.nodes.toReversed() ?? []) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    nodes.unshift(node);
    for (const input of node.inputs) needed.add(input);
  }
  return {
    nodes,
    leaves: [...needed].filter((v) => v.origin.kind !== "node"),
    outputs: [...new Set(outputs)],
  };
}

function nodeProto({ op, name, inputs, outputs, attributes }: Node): onnx.INodeProto {
  return {
    opType: op,
    domain: OPERATORS[op],
    name,
    input: inputs.map((value) => value.name),
    output: outputs.map((value) => value.name),
    attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  };
}

function attribute(name: string, value: Attributes[string]): onnx.IAttributeProto {
  if (typeof value === "string") return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if (typeof value !== "number") return { name, type: AttributeType.INTS, ints: [...value] };
  return FLOATS.has(name)
    ? { name, type: AttributeType.FLOAT, f: value }
    : { name, type: AttributeType.INT, i: value };
}

function valueInfo({ name, dtype, shape }: Value): onnx.IValueInfoProto {
  const dim = shape.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: DTYPE_CODES[dtype], shape: { dim } } } };
}

function constantTensor(value: Value): onnx.ITensorProto {
  const { data } = value.origin as { data: TensorData };
  return { ...header(value), rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

function externalTensor(value: Value): onnx.ITensorProto {
  const externalData = [{ key: "location", value: value.name }];
  return { ...header(value), externalData, dataLocation: TensorProto.DataLocation.EXTERNAL };
}

const header = ({ name, dtype, shape }: Value) => ({
  name,
  dataType: DTYPE_CODES[dtype],
  dims: shape as readonly number[] as number[],
});

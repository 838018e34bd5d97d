import Pbf from "pbf";
import { DTYPE_CODES } from "./elementwise.js";
import { type Attributes, type Node, OPERATORS, type TensorData, type Value } from "./value.js";

/** The numbers of the fields of each message, from onnx.proto. */
const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8 };
const OPSET = { domain: 1, version: 2 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 };
const ATTRIBUTE = { name: 1, f: 2, i: 3, s: 4, ints: 8, type: 20 };
const VALUE_INFO = { name: 1, type: 2 };
const TYPE = { tensorType: 1 };
const TENSOR_TYPE = { elemType: 1, shape: 2 };
const SHAPE = { dim: 1 };
const DIMENSION = { dimValue: 1, dimParam: 2 };
const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9, externalData: 13, dataLocation: 14 };
const ENTRY = { key: 1, value: 2 };

/** Values of `ATTRIBUTE.type` and `TENSOR.dataLocation`. */
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 };
const EXTERNAL = 1;

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
  const external = [...(weights === "external" ? parameters : []), ...leavesOf("rounded")];
  const fed = [...inputs, ...leavesOf("mask"), ...(weights === "fed" ? parameters : [])];
  const pbf = new Pbf();
  pbf.writeVarintField(MODEL.irVersion, IR_VERSION);
  pbf.writeStringField(MODEL.producerName, "mmel");
  pbf.writeMessage(
    MODEL.graph,
    () => {
      for (const node of nodes) pbf.writeMessage(GRAPH.node, writeNode, node);
      pbf.writeStringField(GRAPH.name, "mmel");
      for (const value of leavesOf("constant")) pbf.writeMessage(GRAPH.initializer, writeConstant, value);
      for (const value of external) pbf.writeMessage(GRAPH.initializer, writeExternal, value);
      for (const value of fed) pbf.writeMessage(GRAPH.input, writeValueInfo, value);
      for (const value of outputs) pbf.writeMessage(GRAPH.output, writeValueInfo, value);
    },
    undefined,
  );
  for (const { domain, version } of OPSETS)
    pbf.writeMessage(
      MODEL.opsetImport,
      () => {
        pbf.writeStringField(OPSET.domain, domain);
        pbf.writeVarintField(OPSET.version, version);
      },
      undefined,
    );
  return pbf.finish();
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

function writeNode({ op, name, inputs, outputs, attributes }: Node, pbf: Pbf): void {
  for (const value of inputs) pbf.writeStringField(NODE.input, value.name);
  for (const value of outputs) pbf.writeStringField(NODE.output, value.name);
  pbf.writeStringField(NODE.name, name);
  pbf.writeStringField(NODE.opType, op);
  for (const attribute of Object.entries(attributes))
    pbf.writeMessage(NODE.attribute, writeAttribute, attribute);
  pbf.writeStringField(NODE.domain, OPERATORS[op]);
}

function writeAttribute([name, value]: [string, Attributes[string]], pbf: Pbf): void {
  const write = (type: keyof typeof ATTRIBUTE_TYPES): void =>
    pbf.writeVarintField(ATTRIBUTE.type, ATTRIBUTE_TYPES[type]);
  pbf.writeStringField(ATTRIBUTE.name, name);
  if (typeof value === "string") {
    pbf.writeStringField(ATTRIBUTE.s, value);
    write("string");
  } else if (typeof value !== "number") {
    pbf.writePackedVarint(ATTRIBUTE.ints, [...value]);
    write("ints");
  } else if (FLOATS.has(name)) {
    pbf.writeFloatField(ATTRIBUTE.f, value);
    write("float");
  } else {
    pbf.writeVarintField(ATTRIBUTE.i, value);
    write("int");
  }
}

function writeValueInfo({ name, dtype, shape }: Value, pbf: Pbf): void {
  const dimension = (size: string | number): void => {
    if (typeof size === "string") pbf.writeStringField(DIMENSION.dimParam, size);
    else pbf.writeVarintField(DIMENSION.dimValue, size);
  };
  const dimensions = (): void => {
    for (const size of shape) pbf.writeMessage(SHAPE.dim, dimension, size);
  };
  const tensorType = (): void => {
    pbf.writeVarintField(TENSOR_TYPE.elemType, DTYPE_CODES[dtype]);
    pbf.writeMessage(TENSOR_TYPE.shape, dimensions, undefined);
  };
  pbf.writeStringField(VALUE_INFO.name, name);
  pbf.writeMessage(
    VALUE_INFO.type,
    () => pbf.writeMessage(TYPE.tensorType, tensorType, undefined),
    undefined,
  );
}

function writeConstant(value: Value, pbf: Pbf): void {
  const { data } = value.origin as { data: TensorData };
  writeHeader(value, pbf);
  pbf.writeBytesField(TENSOR.rawData, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeExternal(value: Value, pbf: Pbf): void {
  const location = (): void => {
    pbf.writeStringField(ENTRY.key, "location");
    pbf.writeStringField(ENTRY.value, value.name);
  };
  writeHeader(value, pbf);
  pbf.writeMessage(TENSOR.externalData, location, undefined);
  pbf.writeVarintField(TENSOR.dataLocation, EXTERNAL);
}

function writeHeader({ name, dtype, shape }: Value, pbf: Pbf): void {
  pbf.writePackedVarint(TENSOR.dims, shape as readonly number[] as number[]);
  pbf.writeVarintField(TENSOR.dataType, DTYPE_CODES[dtype]);
  pbf.writeStringField(TENSOR.name, name);
}

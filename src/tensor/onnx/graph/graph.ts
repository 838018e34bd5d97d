import { MmelError } from "../../../core/index.js";
import { roundedNames } from "./int8.js";
import { elements, formatShape, sameShape } from "./shape.js";
import type {
  Divisors,
  DType,
  Graph,
  Node,
  Origin,
  RoundedWeight,
  Shape,
  TensorData,
  Value,
} from "./value.js";

export interface GraphOptions {
  /** Whether the graph is for training; otherwise `dropout` returns its input. Default: false. */
  readonly training?: boolean;
  /**
   * Returns whether the parameter with this full name gets a gradient; default: always true. Frozen parameters cost
   * nothing in the backward pass.
   */
  readonly trainable?: (name: string) => boolean;
  /** The linear maps to compute in int8; default: none. */
  readonly int8?: Divisors;
}

/** Creates an empty graph. */
export function createGraph(options: GraphOptions = {}): Graph {
  const { training = false, trainable = () => true, int8 = new Map() } = options;
  const nodes: Node[] = [];
  const inputs: Value[] = [];
  const masks: Value[] = [];
  const parameters = new Map<string, Value>();
  const rounded = new Map<string, RoundedWeight>();
  const constants = new Map<string, Value>();
  const names = new Set<string>();
  let path = "";

  const within = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const value = (name: string, shape: Shape, dtype: DType, origin: Origin, requiresGrad = false): Value => {
    names.add(name);
    return { graph, name, shape, dtype, origin, requiresGrad };
  };
  const unused = (name: string): string => {
    let free = name;
    for (let count = 2; names.has(free); count++) free = `${name}_${count}`;
    return free;
  };

  const graph: Graph = {
    training,
    int8,
    nodes,
    inputs,
    masks,
    get parameters() {
      return [...parameters.values()];
    },
    input(name, shape, dtype = "float32") {
      if (names.has(name)) graph.fail("input", `the name "${name}" is already used`, "a unique name");
      const made = value(name, shape, dtype, { kind: "input" });
      inputs.push(made);
      return made;
    },
    parameter(name, shape) {
      const full = within(name);
      const known = parameters.get(full);
      if (known !== undefined) {
        if (sameShape(known.shape, shape)) return known;
        graph.fail(
          "parameter",
          `"${full}" already has the shape ${formatShape(known.shape)}`,
          formatShape(shape),
        );
      }
      if (names.has(full)) graph.fail("parameter", `the name "${full}" is already used`, "a unique name");
      const made = value(full, shape, "float32", { kind: "parameter" }, trainable(full));
      parameters.set(full, made);
      return made;
    },
    rounded(parameter, divisors) {
      const { name, shape } = parameter;
      const names = roundedNames(name);
      const origin: Origin = { kind: "rounded", parameter, divisors };
      const made = rounded.get(name) ?? {
        words: value(names.words, shape.toReversed(), "int8", origin),
        scales: value(names.scales, shape.slice(0, 1), "float32", origin),
      };
      rounded.set(name, made);
      return made;
    },
    constant(data, shape, dtype = "float32") {
      const array = typeof data === "number" ? filled(data, dtype) : data;
      const dims = shape ?? (typeof data === "number" ? [] : [array.length]);
      if (elements(dims) !== array.length) {
        graph.fail(
          "constant",
          `the data has ${array.length} elements, but the shape is ${formatShape(dims)}`,
        );
      }
      const type = typeof data === "number" ? dtype : dtypeOf(array);
      const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("latin1");
      const key = `${type}${formatShape(dims)}${bytes}`;
      const known = constants.get(key);
      if (known !== undefined) return known;
      const made = value(unused(`constant_${constants.size}`), dims, type, { kind: "constant", data: array });
      constants.set(key, made);
      return made;
    },
    mask(shape, rate) {
      const made = value(unused(within("mask")), shape, "float32", { kind: "mask", rate });
      masks.push(made);
      return made;
    },
    scope(name, body) {
      const outer = path;
      path = within(name);
      try {
        return body();
      } finally {
        path = outer;
      }
    },
    emit(op, from, output, attributes = {}, more = []) {
      const foreign = from.find((input) => input.graph !== graph);
      if (foreign !== undefined) graph.fail(op, `"${foreign.name}" belongs to another graph`);
      const name = unused(within(op));
      const dtype = output.dtype ?? "float32";
      const grad = dtype === "float32" && from.some((input) => input.requiresGrad);
      const result = value(name, output.shape, dtype, { kind: "node" }, grad);
      const others = more.map((shape, i) => value(`${name}:${i + 1}`, shape, dtype, { kind: "node" }));
      const node: Node = { op, name, inputs: from, outputs: [result, ...others], attributes };
      nodes.push(node);
      return result;
    },
    fail(op, what, expected) {
      throw new MmelError("GRAPH", { what, where: `node ${unused(within(op))}`, expected });
    },
  };
  return graph;
}

function filled(number: number, dtype: DType): TensorData {
  if (dtype === "int64") return BigInt64Array.of(BigInt(number));
  if (dtype === "int8") return Int8Array.of(number);
  return dtype === "float32" ? Float32Array.of(number) : Uint8Array.of(number);
}

function dtypeOf(data: TensorData): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof BigInt64Array) return "int64";
  return data instanceof Int8Array ? "int8" : "bool";
}

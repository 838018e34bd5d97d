import type { Tensor as OrtTensor } from "onnxruntime-node";
import { MmelError } from "../../../core/index.js";
import { elements, formatShape } from "../graph/shape.js";
import type { Shape, TensorData } from "../graph/value.js";
import type { Program, TensorSpec } from "../program.js";
import { checkInputs, type Tensor, type Tensors } from "./tensor.js";

export interface SessionOptions {
  /** Threads of one operator; default: all cores. */
  readonly threads?: number | undefined;
}

/** What a run reads and where it may write. */
export interface RunBuffers {
  readonly inputs: Tensors;
  /** Dropout masks by name. */
  readonly masks?: ReadonlyMap<string, Float32Array>;
  /** Buffers by tensor name, filled with the results of those names. */
  readonly into?: ReadonlyMap<string, Float32Array>;
}

/** A program loaded into onnxruntime. */
export interface Session extends AsyncDisposable {
  /** Results by tensor name. Blocks its thread while it computes. `GRAPH`: wrong inputs; `ENGINE`: a node failed, which is named. */
  run(buffers: RunBuffers): Promise<ReadonlyMap<string, Tensor>>;
}

/**
 * Loads a program over weights that stay where they are: fed ones are read from there at every run, external ones are
 * packed now (their changes go unseen) and must stay allocated.
 */
export async function openSession(
  program: Program,
  weights: ReadonlyMap<string, Float32Array>,
  { threads }: SessionOptions = {},
): Promise<Session> {
  const { InferenceSession, Tensor: Ort } = await import("onnxruntime-node");
  const wrap = (data: TensorData, shape: Shape): OrtTensor => {
    const sizes = shape as readonly number[];
    if (data instanceof Float32Array) return new Ort("float32", data, sizes);
    return data instanceof Uint8Array ? new Ort("bool", data, sizes) : new Ort("int64", data, sizes);
  };
  const parameters = program.parameters.map((spec) => ({ ...spec, data: weightOf(weights, spec) }));
  const external = program.weights === "external";
  const fed = external ? [] : parameters.map(({ name, data, shape }) => [name, wrap(data, shape)] as const);
  const session = await named(() =>
    InferenceSession.create(program.model, {
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      enableMemPattern: false, // half the peak memory
      // As fast alone, up to twice as fast beside other work, and idle threads leave the cores to the caller's own.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
      logSeverityLevel: 4, // what fails is thrown, with its node
      externalData: external ? parameters.map(({ name, data }) => ({ path: name, data: bytesOf(data) })) : [],
    }),
  );
  const outputs = outputsOf(program);

  return {
    async run({ inputs, masks, into }) {
      checkInputs(program.inputs, inputs);
      const feeds = Object.fromEntries([
        ...fed,
        ...program.inputs.map(({ name }) => [name, wrap(inputs[name]!.data, inputs[name]!.shape)] as const),
        ...program.masks.map(
          ({ name, shape }) => [name, wrap(masks?.get(name) ?? unmasked(name), shape)] as const,
        ),
      ]);
      const fetches = outputs.map(({ name, shape }) => {
        const buffer = into?.get(name);
        return [name, buffer === undefined ? null : wrap(buffer, shape)] as const;
      });
      const results = await named(() => session.run(feeds, Object.fromEntries(fetches)));
      return new Map(
        Object.entries(results).map(([name, { data, dims }]) => [
          name,
          { data: data as TensorData, shape: dims },
        ]),
      );
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}

/** Every tensor the program puts out. */
function outputsOf({ outputs, gradients }: Program): readonly TensorSpec[] {
  const rows = gradients.flatMap((gradient) => gradient.rows.flatMap((part) => [part.indices, part.rows]));
  const dense = gradients.flatMap((gradient) => (gradient.dense === undefined ? [] : [gradient.dense]));
  return [...Object.values(outputs), ...dense, ...rows];
}

function weightOf(weights: ReadonlyMap<string, Float32Array>, { name, shape }: TensorSpec): Float32Array {
  const data = weights.get(name);
  if (data !== undefined && data.length === elements(shape)) return data;
  const what = data === undefined ? "missing" : `${data.length} elements`;
  throw new MmelError("GRAPH", { what, where: `weight "${name}"`, expected: formatShape(shape) });
}

function unmasked(name: string): never {
  const where = `dropout "${name}"`;
  throw new MmelError("GRAPH", {
    what: "a training program outside a step",
    where,
    hint: "a graph without training",
  });
}

const bytesOf = (data: Float32Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Runs one of onnxruntime's calls and turns its failure into one that names the node. */
async function named<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const node = /Name:'([^']*)' Status Message: ([\s\S]*)/.exec(message);
    const where = node === null ? undefined : `node ${node[1]}`;
    throw new MmelError("ENGINE", { what: node?.[2] ?? message, where, cause });
  }
}

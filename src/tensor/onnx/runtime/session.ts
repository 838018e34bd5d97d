import type { Tensor as OrtTensor } from "onnxruntime-node";
import { MmelError } from "../../../core/index.js";
import { quantiseRows } from "../../../formats/safetensors/index.js";
import { roundedNames } from "../graph/int8.js";
import { elements, formatShape } from "../graph/shape.js";
import type { Shape, TensorData } from "../graph/value.js";
import type { Program, RoundedSpec, TensorSpec } from "../program.js";
import { loadOnnxruntime } from "./load.js";
import { checkInputs, type Tensor, type Tensors } from "./tensor.js";

export interface SessionOptions {
  /** Threads per operator; default: all cores. */
  readonly threads?: number | undefined;
}

/** Buffers that a run reads from and writes to. */
export interface RunBuffers {
  readonly inputs: Tensors;
  /** Dropout masks by name. */
  readonly masks?: ReadonlyMap<string, Float32Array>;
  /** Buffers to write results to, by tensor name. */
  readonly into?: ReadonlyMap<string, Float32Array>;
}

/** A program loaded into onnxruntime. */
export interface Session extends AsyncDisposable {
  /**
   * Runs the program and returns its results by tensor name. Blocks the thread. Throws `GRAPH` if a dropout mask is
   * missing, or if an input is missing or has the wrong type or shape. Throws `ENGINE`, with the name of the node, if a
   * node fails.
   */
  run(buffers: RunBuffers): Promise<ReadonlyMap<string, Tensor>>;
}

/**
 * Loads a program into onnxruntime without copying its weights. Fed weights are read at every run. External weights are
 * packed when the session opens; later changes to their arrays have no effect, but the arrays must stay allocated.
 * Throws `GRAPH` if a weight is missing or has the wrong size, `ENGINE` if onnxruntime cannot load the program, and the
 * error of `disableTelemetry`.
 */
export async function openSession(
  program: Program,
  weights: ReadonlyMap<string, Float32Array>,
  { threads }: SessionOptions = {},
): Promise<Session> {
  const { InferenceSession, Tensor: Ort } = await loadOnnxruntime();
  const wrap = (data: TensorData, shape: Shape): OrtTensor => {
    const sizes = shape as readonly number[];
    if (data instanceof Float32Array) return new Ort("float32", data, sizes);
    if (data instanceof Int8Array) return new Ort("int8", data, sizes);
    return data instanceof Uint8Array ? new Ort("bool", data, sizes) : new Ort("int64", data, sizes);
  };
  const parameters = program.parameters.map((spec) => ({ ...spec, data: weightOf(weights, spec) }));
  const external = program.weights === "external";
  const fed = external ? [] : parameters.map(({ name, data, shape }) => [name, wrap(data, shape)] as const);
  const initial: ExternalData[] = [
    ...(external ? parameters : []),
    ...program.rounded.flatMap((spec) => roundedParts(spec, weightOf(weights, spec))),
  ];
  const session = await withNodeName(() =>
    InferenceSession.create(program.model, {
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      enableMemPattern: false, // halves the peak memory
      // Without spinning, idle threads use no CPU. On an idle machine, runs take as long as with spinning. On a busy
      // machine, they can take half as long.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
      logSeverityLevel: 4, // failures are thrown as errors that name the node
      externalData: initial.map((part) => ({ path: part.name, data: bytesOf(part) })),
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
      const results = await withNodeName(() => session.run(feeds, Object.fromEntries(fetches)));
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

/** Returns all tensors that the program outputs: named outputs, dense gradients and row gradients. */
function outputsOf({ outputs, gradients }: Program): readonly TensorSpec[] {
  const rows = gradients.flatMap((gradient) => gradient.rows.flatMap((part) => [part.indices, part.rows]));
  const dense = gradients.flatMap((gradient) => (gradient.dense === undefined ? [] : [gradient.dense]));
  return [...Object.values(outputs), ...dense, ...rows];
}

function weightOf(weights: ReadonlyMap<string, Float32Array>, { name, shape }: TensorSpec): Float32Array {
  const data = weights.get(name);
  if (data !== undefined && data.length === elements(shape)) return data;
  const what = data === undefined ? "the weight is missing" : `the weight has ${data.length} elements`;
  throw new MmelError("GRAPH", {
    what,
    where: `weight "${name}"`,
    expected: `a weight of shape ${formatShape(shape)}`,
  });
}

function unmasked(name: string): never {
  const where = `dropout "${name}"`;
  throw new MmelError("GRAPH", {
    what: "a training program cannot run outside a training step",
    where,
    hint: "To run the program on its own, build the graph without `training`.",
  });
}

/** Rounds a weight to int8; see `RoundedWeight`. */
function roundedParts({ name, shape, divisors }: RoundedSpec, values: Float32Array): ExternalData[] {
  const [rows, width] = shape as readonly [number, number];
  const names = roundedNames(name);
  const scales = new Float32Array(rows);
  const words = new Int8Array(values.length);
  quantiseRows(values, scales, words, divisors);
  const transposed = words.map((_, at) => words[(at % rows) * width + Math.floor(at / rows)]!);
  return [
    { name: names.words, data: transposed },
    { name: names.scales, data: scales },
  ];
}

/** The data of an initialiser, by its name. */
interface ExternalData {
  readonly name: string;
  readonly data: Float32Array | Int8Array;
}

const bytesOf = ({ data }: ExternalData): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Awaits a call to onnxruntime. Rethrows its errors as `ENGINE`, with the name of the failing node if it is known. */
async function withNodeName<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const node = /Name:'([^']*)' Status Message: ([\s\S]*)/.exec(message);
    const where = node === null ? undefined : `node ${node[1]}`;
    throw new MmelError("ENGINE", { what: node?.[2] ?? message, where, cause });
  }
}

import { createRandom } from "../../../src/core/index.js";
import {
  backward,
  compile,
  createGraph,
  type Graph,
  mul,
  openSession,
  reduceSum,
  type TensorData,
  type Tensors,
  type Value,
} from "../../../src/tensor/onnx/index.js";

/** How to draw the elements of a tensor. */
export type Fill = "any" | "positive" | "apart";

/** A function of parameters, and the shapes to test it on. */
export interface Case {
  readonly shapes: readonly (readonly number[])[];
  /** `positive`: in [1, 2]; `apart`: at least 0.1 from 0 and 0.25 from each other, for functions with a kink. */
  readonly fill?: Fill;
  readonly build: (graph: Graph, ...parameters: Value[]) => Value;
}

export function largestDifference(a: TensorData, b: TensorData): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const gaps = [...a].map((element, at) => Math.abs(Number(element) - Number(b[at])));
  return Math.max(0, ...gaps);
}

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function draw(shape: readonly number[], fill: Fill, seed: string): Float32Array {
  const random = createRandom(seed);
  const size = count(shape);
  if (fill === "any") return Float32Array.from({ length: size }, () => random.next() * 3 - 1.5);
  if (fill === "positive") return Float32Array.from({ length: size }, () => random.next() + 1);
  const places = Array.from({ length: size }, (_, at) => (at - Math.floor(size / 2)) * 0.25 + 0.125);
  return Float32Array.from(random.shuffle(places));
}

/** Returns the largest difference between the graph's gradient and a five-point central difference, relative to 1 + |gradient|. */
export async function gradientError({ shapes, fill = "any", build }: Case): Promise<number> {
  const graph = createGraph();
  const parameters = shapes.map((shape, at) => graph.parameter(`p${at}`, shape));
  const y = build(graph, ...parameters);
  const weighting = draw(y.shape as readonly number[], "any", "weighting");
  const loss = reduceSum(mul(y, graph.constant(weighting, y.shape)));
  const program = compile({ y, loss }, { gradients: backward(loss) });
  const weights = new Map(parameters.map(({ name }, at) => [name, draw(shapes[at]!, fill, `${at}`)]));
  await using session = await openSession(program, weights, { threads: 1 });

  const weighted = async (): Promise<number> => {
    const results = await session.run({ inputs: {} });
    const data = results.get(program.outputs.y!.name)!.data as Float32Array;
    return data.reduce((sum, element, at) => sum + element * weighting[at]!, 0);
  };
  const exact = await gradientsOf(program, session, weights);
  let worst = 0;
  for (const [name, data] of weights) {
    for (let at = 0; at < data.length; at++) {
      const numeric = await fivePoint(data, at, weighted);
      const given = exact.get(name)?.[at] ?? 0;
      worst = Math.max(worst, Math.abs(given - numeric) / (1 + Math.abs(numeric)));
    }
  }
  return worst;
}

const STEP = 0.05;

/** f' = (f(-2h) - 8 f(-h) + 8 f(h) - f(2h)) / 12h + O(h⁴). */
async function fivePoint(data: Float32Array, at: number, f: () => Promise<number>): Promise<number> {
  const middle = data[at]!;
  const places = [-2, -1, 1, 2].map((steps) => Math.fround(middle + steps * STEP));
  const values: number[] = [];
  for (const place of places) {
    data[at] = place;
    values.push(await f());
  }
  data[at] = middle;
  const [a, b, c, d] = values as [number, number, number, number];
  return (a - 8 * b + 8 * c - d) / (12 * STEP);
}

type Opened = Awaited<ReturnType<typeof openSession>>;
type Compiled = ReturnType<typeof compile>;

/** Returns the gradients of all parameters as dense arrays. */
export async function gradientsOf(
  program: Compiled,
  session: Opened,
  weights: ReadonlyMap<string, Float32Array>,
  inputs: Tensors = {},
): Promise<ReadonlyMap<string, Float32Array>> {
  const results = await session.run({ inputs });
  return new Map(
    program.gradients.map(({ parameter, dense, rows }) => {
      const total = new Float32Array(weights.get(parameter)!.length);
      const add = (offset: number, part: Float32Array) =>
        part.forEach((g, i) => {
          total[offset + i] = total[offset + i]! + g;
        });
      if (dense !== undefined) add(0, results.get(dense.name)!.data as Float32Array);
      for (const part of rows) {
        const [indices, values] = [results.get(part.indices.name)!.data, results.get(part.rows.name)!.data];
        const width = values.length / indices.length;
        indices.forEach((row: bigint | number, i: number) => {
          add(Number(row) * width, (values as Float32Array).subarray(i * width, (i + 1) * width));
        });
      }
      return [parameter, total] as const;
    }),
  );
}

import {
  add,
  compile,
  createGraph,
  div,
  linear,
  mul,
  openSession,
  reduceSum,
  sqrt,
  sub,
  type Value,
} from "../../tensor/onnx/index.js";
import type { ImageLikeness } from "./likeness.js";

/** Maps image vectors to the whitened space, in which cosines measure how similar two pictures are. */
export interface Projector extends AsyncDisposable {
  /** Maps n vectors, as [n * d_v], to n vectors of length 1, as [n * d_v]. */
  project(vectors: Float32Array): Promise<Float32Array>;
}

/** Creates the projector x -> u / |u| with u = W (x / |x| - mean). Throws the errors of `openSession`. */
export async function createProjector({ config, mean, whitening }: ImageLikeness): Promise<Projector> {
  const { width } = config;
  const graph = createGraph();
  const x = graph.input("x", ["rows", width]);
  const centred = sub(unit(x), graph.parameter("mean", [width]));
  const program = compile({ u: unit(linear(centred, graph.parameter("whitening", [width, width]))) });
  const session = await openSession(
    program,
    new Map([
      ["mean", mean],
      ["whitening", whitening],
    ]),
  );
  return {
    async project(vectors) {
      const inputs = { x: { data: vectors, shape: [vectors.length / width, width] } };
      return (await session.run({ inputs })).get(program.outputs.u!.name)!.data as Float32Array;
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** Scales rows to length 1; a row of zeros stays zero. */
function unit(x: Value): Value {
  const squares = reduceSum(mul(x, x), [-1], { keepDims: true });
  return div(x, sqrt(add(squares, 1e-12)));
}

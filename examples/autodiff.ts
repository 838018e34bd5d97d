// Trains a small network to compute y = x²: builds its graph, differentiates the graph, and takes training steps.
// Run: npx tsx examples/autodiff.ts
import { backward, compile, createGraph, linear, mul, openSession, reduceMean, sub, tanh } from "mmel/onnx";

const graph = createGraph();
const layer = (name: string, x: Parameters<typeof linear>[0], width: number) =>
  graph.scope(name, () =>
    linear(x, graph.parameter("weight", [width, x.shape[1]!]), graph.parameter("bias", [width])),
  );
const hidden = tanh(layer("hidden", graph.input("x", [64, 1]), 16));
const error = sub(layer("out", hidden, 1), graph.input("target", [64, 1]));
const loss = reduceMean(mul(error, error));
const program = compile({ loss }, { gradients: backward(loss) });

const weights = new Map([
  ["hidden.weight", Float32Array.from({ length: 16 }, (_, at) => Math.sin(3 * at))],
  ["hidden.bias", Float32Array.from({ length: 16 }, (_, at) => Math.cos(5 * at))],
  ["out.weight", new Float32Array(16)],
  ["out.bias", new Float32Array(1)],
]);
const x = Float32Array.from({ length: 64 }, (_, at) => at / 32 - 1);
const inputs = { x: { data: x, shape: [64, 1] }, target: { data: x.map((v) => v * v), shape: [64, 1] } };
await using session = await openSession(program, weights);
for (let step = 0; step <= 1000; step++) {
  const results = await session.run({ inputs });
  if (step % 200 === 0) console.log(step, results.get(program.outputs.loss!.name)!.data[0]);
  for (const { parameter, dense } of program.gradients) {
    const gradient = results.get(dense!.name)!.data as Float32Array;
    weights.get(parameter)!.forEach((w, at, all) => {
      all[at] = w - 0.1 * gradient[at]!;
    });
  }
}
